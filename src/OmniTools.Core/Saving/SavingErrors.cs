using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>
/// Errors while saving. A save costs nothing; the clip was billed when it was submitted.
/// </summary>
internal static class SavingErrors
{
    /// <summary>Refuses a task that has no video to save.</summary>
    public static void CheckCompleted(VideoTask task)
    {
        if (task.Status == VideoTaskStatus.Completed && task.Videos.Count > 0)
            return;
        var (kind, what, next) = task.Status switch
        {
            VideoTaskStatus.Completed =>
                (OmniErrorKind.NoVideo, "The provider says completed and gives no video",
                "Ask for the task again later, and the provider's support if it stays so"),
            VideoTaskStatus.Failed or VideoTaskStatus.Cancelled =>
                (OmniErrorKind.TaskFailed,
                $"The task made no video: it {(task.Status == VideoTaskStatus.Failed ? "failed" : "was cancelled")}",
                "Submit a new request, which is billed again"),
            _ => (OmniErrorKind.InvalidRequest, "The task is not completed yet: there is nothing to save",
                "Wait for it, then save it"),
        };
        throw new OmniException(kind, what, new()
        {
            Field = "task_id",
            Received = $"{ProviderText.Clean(task.Reference)}, {task.Status.ToWireName()}",
            Provider = task.Provider,
            TaskId = task.Id,
            RequestKey = task.RequestKey,
            Charged = task.Charged,
            WasFree = true,
            WasSent = true,
            ProviderMessage = ProviderText.Clean(task.Error?.Message),
            NextStep = next,
        });
    }

    public static OmniException Expired() =>
        new(OmniErrorKind.ResultExpired, "The video's URL no longer works, and the provider gives no other", new()
        {
            WasSent = true,
            NextStep =
            "Ask the provider's support with the task id. Generating the clip again is a new request, which is billed "
            + "again",
        });

    public static OmniException Unreachable(string reason, Exception? inner, DateTimeOffset? retryAt) =>
        new(OmniErrorKind.ProviderUnavailable, $"The video could not be fetched: {reason}", new()
        {
            WasSent = true,
            RetryAt = retryAt,
            NextStep =
                "Save it again, which costs nothing: what has come already is continued where the server allows it",
        }, inner);

    public static OmniException NotAVideo(string received) =>
        new(OmniErrorKind.OutputRefused, "What the result's address gives is not a video", new()
        {
            Received = ProviderText.Clean(received),
            Allowed = "an MP4 file",
            WasSent = true,
        });

    public static OmniException TooLarge(long bytes, long most) =>
        new(OmniErrorKind.OutputRefused, "The video is larger than is accepted", new()
        {
            Received = FormattableString.Invariant($"{bytes} bytes or more"),
            Allowed = FormattableString.Invariant($"{most} bytes"),
            WasSent = true,
        });

    /// <summary>The video is downloaded and cannot get its name.</summary>
    public static OmniException Held(string path, Exception failure) =>
        Refused($"The video is fetched and cannot get its name: {failure.Message.TrimEnd('.')}", path,
            "Close the program that has the file open (a player, an editor or a virus scanner) or remove its write "
            + $"protection, and save again: the video is kept as {PartialFile.GetPath(path)} and is not fetched again",
            failure);

    public static OmniException Unwritable(string path, Exception failure) =>
        Refused($"The video cannot be written: {failure.Message.TrimEnd('.')}", path,
            "Make room, or choose a folder that can be written to, and save again", failure);

    /// <summary>A path that cannot be used.</summary>
    public static OmniException Refused(string summary, string path, string nextStep, Exception? inner = null) =>
        new(OmniErrorKind.OutputRefused, summary,
            new() { Field = "path", Received = path, WasSent = inner is not null, NextStep = nextStep }, inner);

    /// <summary>The same error with the task it is about, and how long the video can still be saved.</summary>
    public static OmniException ForVideo(this OmniException failure, VideoTask task, VideoResult? video,
        DateTimeOffset now)
    {
        if (failure.Kind == OmniErrorKind.ResultExpired)
            return failure.ForTask(task,
                $"The video of task {Describe(task)} is lost: its URL no longer works, and the provider gives no other",
                failure.NextStep);
        if (video is null || video.ExpiresAt <= now)
            return failure.ForTask(task);
        var end = video.ExpiresAt is { } at
            ? FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC")
            : "it expires";
        var nextStep = failure.NextStep is null ? "" : failure.NextStep.TrimEnd('.') + ". ";
        return failure.ForTask(task, failure.Summary,
            $"{nextStep}It stays at the provider until {end} and can be saved again for nothing until then");
    }

    private static string Describe(VideoTask task)
    {
        var id = ProviderText.Clean(task.Reference);
        return ProviderText.Clean(task.Prompt) is { } prompt
            ? $"{id} ('{(prompt.Length > 60 ? prompt[..60] + "…" : prompt)}')"
            : id!;
    }
}
