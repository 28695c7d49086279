using System.Management.Automation;
using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Makes every error record of the module. Error ids are <c>Omni</c> and the name of the kind: scripts depend on them.</summary>
internal static class OmniError
{
    // Core speaks of a request's fields; who types a command knows them as parameters.
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["prompt"] = "-Prompt",
        ["provider"] = "-Provider",
        ["aspect_ratio"] = "-AspectRatio",
        ["duration"] = "-Duration",
        ["resolution"] = "-Resolution",
        ["image_urls"] = "-Image",
        ["video_url"] = "-Video",
        ["image_urls, video_url"] = "-Image, -Video",
        ["extend_from_task_id"] = "-ExtendFrom",
        ["request_key"] = "-RequestKey",
        ["task_id"] = "-Id",
        ["path"] = "-Path",
    };

    /// <summary>Whether no other item could fare better, so that the cmdlet ends.</summary>
    public static bool IsFatal(OmniErrorKind kind) =>
        kind is OmniErrorKind.Authentication or OmniErrorKind.InvalidConfiguration or OmniErrorKind.LedgerUnavailable;

    public static string Id(OmniErrorKind kind) => "Omni" + kind;

    /// <param name="problem">What happened.</param>
    /// <param name="target">What it happened to.</param>
    /// <param name="about">The item in words, where the message alone would not tell which of many it was.</param>
    public static ErrorRecord Record(OmniException problem, object? target, string? about = null)
    {
        var record = new ErrorRecord(problem, Id(problem.Kind), Category(problem.Kind), target);
        var message = InParameters(problem, problem.Message);
        record.ErrorDetails = new(about is null ? message : $"{about}: {message}") { RecommendedAction = InParameters(problem, problem.NextStep ?? Advice(problem)) };
        return record;
    }

    /// <summary>For a task that ended without a video.</summary>
    public static ErrorRecord Record(VideoTask task)
    {
        var error = task.Error;
        var problem = new OmniException(error?.Kind ?? OmniErrorKind.TaskFailed, $"Task {task.Handle} at {task.Provider} ended as {task.Status.Word()}: {error?.Message ?? "the provider gives no reason"}")
        {
            Charged = error?.Charged ?? Charged.Unknown,
            WasSent = true,
            Provider = task.Provider,
            TaskId = task.Id,
            RequestKey = task.RequestKey,
            ProviderCode = error?.Code,
            NextStep = "Change the prompt or the references and submit a new request",
        };
        return Record(problem, task);
    }

    private static string InParameters(OmniException problem, string text) => problem.Field is { } field && Parameters.TryGetValue(field, out var parameter)
        ? text.Replace($" Field: {field}.", $" Parameter: {parameter}.", StringComparison.Ordinal)
            .Replace($"Correct {field} and", $"Correct {parameter} and", StringComparison.Ordinal)
            .Replace($"Leave {field} out", $"Leave {parameter} out", StringComparison.Ordinal)
            .Replace($"Change {field} and", $"Change {parameter} and", StringComparison.Ordinal)
        : text;

    private static ErrorCategory Category(OmniErrorKind kind) => kind switch
    {
        OmniErrorKind.InvalidRequest or OmniErrorKind.InvalidConfiguration => ErrorCategory.InvalidArgument,
        OmniErrorKind.Authentication => ErrorCategory.AuthenticationError,
        OmniErrorKind.Permission => ErrorCategory.PermissionDenied,
        OmniErrorKind.InsufficientBalance or OmniErrorKind.LimitReached => ErrorCategory.QuotaExceeded,
        OmniErrorKind.ContentRejected or OmniErrorKind.OutputRefused => ErrorCategory.SecurityError,
        OmniErrorKind.NotFound or OmniErrorKind.NoVideo or OmniErrorKind.ResultExpired => ErrorCategory.ObjectNotFound,
        OmniErrorKind.RateLimited => ErrorCategory.LimitsExceeded,
        OmniErrorKind.ProviderUnavailable or OmniErrorKind.OutcomeUnknown => ErrorCategory.ConnectionError,
        OmniErrorKind.DuplicateRequest => ErrorCategory.ResourceExists,
        OmniErrorKind.TimedOut => ErrorCategory.OperationTimeout,
        OmniErrorKind.TaskFailed => ErrorCategory.InvalidResult,
        OmniErrorKind.LedgerUnavailable => ErrorCategory.ResourceUnavailable,
        _ => ErrorCategory.NotSpecified,
    };

    // Where Core has nothing better to say.
    private static string Advice(OmniException problem) => problem.Kind switch
    {
        OmniErrorKind.InvalidRequest or OmniErrorKind.InvalidConfiguration or OmniErrorKind.ContentRejected => $"Change {problem.Field ?? "what was asked for"} and run the command again",
        OmniErrorKind.Authentication or OmniErrorKind.Permission or OmniErrorKind.InsufficientBalance => "See with Get-OmniProvider -Balance which key is used and what its account has left",
        OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable or OmniErrorKind.TimedOut => "Run the command again later",
        OmniErrorKind.OutputRefused => "Choose another place or name with Save-OmniVideo -Path",
        OmniErrorKind.LedgerUnavailable => "See that the folder of OMNI_HOME can be read and written",
        _ => "See with Get-OmniVideoTask what the ledger knows",
    };
}
