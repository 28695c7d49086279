using OmniTools.Batches;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Creates every error record of the module. Error ids are <c>Omni</c> and the kind; scripts depend on them.
/// </summary>
internal static class ErrorRecords
{
    /// <summary>Whether no other item could fare better, so that the cmdlet ends.</summary>
    public static bool IsFatal(OmniErrorKind kind) =>
        kind is OmniErrorKind.Authentication or OmniErrorKind.InvalidConfiguration or OmniErrorKind.LedgerUnavailable;

    public static string Id(OmniErrorKind kind) => "Omni" + kind;

    /// <param name="problem">What happened.</param>
    /// <param name="target">What it happened to.</param>
    /// <param name="about">The item in words, where the message alone would not say which of many it was.</param>
    public static ErrorRecord Create(OmniException problem, object? target, string? about = null)
    {
        var shown = ParameterNames.Translate(problem);
        // The next step is shown as the recommendation, once.
        var message = shown.With(shown.Details with { NextStep = null }).Message;
        return new(shown, Id(shown.Kind), Category(shown.Kind), target)
        {
            ErrorDetails = new(about is null ? message : $"{about}: {message}")
            {
                RecommendedAction = shown.NextStep ?? Recommend(shown),
            },
        };
    }

    /// <summary>For a task that ended without a video.</summary>
    public static ErrorRecord Create(VideoTask task)
    {
        var error = task.Error;
        var problem = new OmniException(
            error?.Kind ?? OmniErrorKind.TaskFailed,
            $"Task {task.Reference} at {task.Provider} ended as {task.Status.ToWireName()}: "
            + (error?.Message ?? "the provider gives no reason"), new()
            {
                Charged = error?.Charged ?? Charged.Unknown,
                WasSent = true,
                Provider = task.Provider,
                TaskId = task.Id,
                RequestKey = task.RequestKey,
                ProviderCode = error?.Code,
                NextStep = error?.Kind == OmniErrorKind.NoVideo
                    ? "Ask the provider for a refund with the task id"
                    : "Change the prompt or the references and submit a new request",
            });
        return Create(problem, task, ItemText.Describe(task));
    }

    /// <summary>For a batch some of whose rows have no file.</summary>
    public static ErrorRecord CreateBatchIncomplete(VideoBatchResult result)
    {
        var missing = result.Rows.Count - result.Saved;
        var isFree = result.Rows.All(
            row => row.State is VideoBatchRowState.Saved or VideoBatchRowState.Invalid or VideoBatchRowState.ToSubmit
            || row.Charged == Charged.No);
        string?[] steps =
        [
            $"See {result.Report} for the reasons",
            .. BatchText.DescribeChanges(result.Rows),
            result.Invalid > 0 ? $"Correct the invalid rows and run the list again: {result.Command}" : null,
            result.Failed > 0 ? $"To retry failed rows: {result.Command} -RetryFailed" : null,
        ];
        var problem = new OmniException(OmniErrorKind.TaskFailed,
            $"{missing} of {result.Rows.Count} rows of {result.Title} have no file: {result.Failed} failed, "
            + $"{result.Invalid} invalid, {result.Open} open", new()
            {
                // Each of the rows without a file is known not to be billed.
                Charged = isFree ? Charged.No : Charged.Unknown,
                WasSent = true,
                NextStep = result.ExitCode == 2 ? $"Run it again: {result.Command}"
                    : string.Join(". ", steps.OfType<string>()),
            });
        return new(problem, "OmniBatchIncomplete", ErrorCategory.InvalidResult, result)
        {
            ErrorDetails = new($"{problem.Summary}.") { RecommendedAction = problem.NextStep },
        };
    }

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
    private static string Recommend(OmniException problem) =>
        problem.Kind switch
        {
            OmniErrorKind.InvalidRequest or OmniErrorKind.InvalidConfiguration or OmniErrorKind.ContentRejected =>
                $"Change {problem.Field ?? "the request"} and run the command again",
            OmniErrorKind.Authentication or OmniErrorKind.Permission or OmniErrorKind.InsufficientBalance =>
                "See with Get-OmniProvider -Balance which key is used and what its account has left",
            OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable or OmniErrorKind.TimedOut =>
                "Run the command again later",
            OmniErrorKind.OutputRefused => "Choose another place or name with Save-OmniVideo -Path",
            OmniErrorKind.LedgerUnavailable => "See that the folder of OMNI_HOME can be read and written",
            _ => "See with Get-OmniVideoTask what the ledger knows",
        };
}
