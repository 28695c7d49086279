using OmniTools.Errors;

namespace OmniTools.VideoTasks;

/// <summary>Errors of calls that ask about, wait for or save a clip that was requested before.</summary>
internal static class VideoTaskErrors
{
    /// <summary>
    /// The same error as one about a task: with its ids, and whether its clip is or may be billed.
    /// </summary>
    public static OmniException ForTask(this OmniException failure, VideoTask task) =>
        failure.ForTask(task, failure.Summary, failure.NextStep);

    /// <summary>The same with another summary and next step.</summary>
    public static OmniException ForTask(this OmniException failure, VideoTask task, string summary, string? nextStep) =>
        failure.With(
            failure.Details with
            {
                NextStep = nextStep,
                Charged = task.Charged,
                WasFree = true,
                Provider = task.Provider,
                RequestKey = task.RequestKey,
                TaskId = task.Id,
            },
            summary);

    /// <summary>
    /// The same error about a task that is not in the ledger, or of which the ledger cannot say. Where the provider has
    /// no such task, there is no clip.
    /// </summary>
    public static OmniException ForUnknownTask(this OmniException failure) =>
        (failure.WasSent && failure.Kind != OmniErrorKind.NotFound) || failure.Kind == OmniErrorKind.LedgerUnavailable
            ? failure.With(failure.Details with { Charged = Charged.Unknown, WasFree = true })
            : failure;
}
