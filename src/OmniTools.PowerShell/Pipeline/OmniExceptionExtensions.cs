using OmniTools.Errors;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Says the same error in other words.</summary>
internal static class OmniExceptionExtensions
{
    /// <summary>The same error with another sentence and next step.</summary>
    public static OmniException With(this OmniException problem, string what, string? nextStep) =>
        problem.With(what, nextStep, problem.Field, problem.FieldLabel);

    /// <summary>The same error as one of a provider.</summary>
    public static OmniException At(this OmniException problem, string provider) =>
        problem.With(problem.Summary, problem.NextStep, problem.Field, problem.FieldLabel, provider);

    /// <summary>
    /// A copy of the error with another summary, next step and field. The original is its inner exception.
    /// </summary>
    public static OmniException With(
        this OmniException problem,
        string what,
        string? nextStep,
        string? field,
        string label,
        string? provider = null) =>
        new(problem.Kind, what, problem.InnerException ?? problem)
        {
            Field = field,
            FieldLabel = label,
            Received = problem.Received,
            Allowed = problem.Allowed,
            NextStep = nextStep,
            Charged = problem.Charged,
            WasFree = problem.WasFree,
            WasSent = problem.WasSent,
            Provider = problem.Provider ?? provider,
            RequestKey = problem.RequestKey,
            TaskId = problem.TaskId,
            ProviderCode = problem.ProviderCode,
            ProviderMessage = problem.ProviderMessage,
            HttpStatus = problem.HttpStatus,
            RequestId = problem.RequestId,
            RetryAt = problem.RetryAt,
        };
}
