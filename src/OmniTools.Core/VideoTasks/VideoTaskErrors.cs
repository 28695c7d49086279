using OmniTools.Errors;

namespace OmniTools.VideoTasks;

/// <summary>What went wrong when a clip that was requested before was asked about, waited for or saved.</summary>
internal static class VideoTaskErrors
{
    /// <summary>
    /// The same error, told as one about this task: by its ids, and with what the clip itself is or may be billed for.
    /// </summary>
    public static OmniException ForTask(this OmniException failure, VideoTask task) =>
        failure.Copy(task.Charged, task.Provider, task.RequestKey, task.Id, failure.Summary, failure.NextStep);

    /// <summary>The same with other words.</summary>
    public static OmniException ForTask(this OmniException failure, VideoTask task, string what, string? nextStep) =>
        failure.Copy(task.Charged, task.Provider, task.RequestKey, task.Id, what, nextStep);

    /// <summary>
    /// The same of a task that only its provider knows. Where there is no such task, there is no clip either.
    /// </summary>
    public static OmniException ForUnknownTask(this OmniException failure) =>
        failure.WasSent && failure.Kind != OmniErrorKind.NotFound
        ? failure.Copy(Charged.Unknown, failure.Provider, failure.RequestKey, failure.TaskId, failure.Summary,
        failure.NextStep)
        : failure;

    private static OmniException Copy(this OmniException failure, Charged charged, string? provider, string? requestKey,
        string? taskId, string what, string? nextStep) => new(failure.Kind, what, failure)
        {
            Step = failure.Step,
            Field = failure.Field,
            Received = failure.Received,
            Allowed = failure.Allowed,
            NextStep = nextStep,
            Charged = charged,
            WasFree = true,
            WasSent = failure.WasSent,
            Provider = provider,
            RequestKey = requestKey,
            TaskId = taskId,
            ProviderCode = failure.ProviderCode,
            ProviderMessage = failure.ProviderMessage,
            HttpStatus = failure.HttpStatus,
            RequestId = failure.RequestId,
            RetryAt = failure.RetryAt,
        };
}
