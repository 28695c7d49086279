using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.Saving;

/// <summary>What goes wrong while saving, in words. Whatever it is, the clip was bought before and the save costs nothing.</summary>
internal static class SavingErrors
{
    public static OmniException NotAVideo(string received) => new(OmniErrorKind.OutputRefused, "What the result's address gives is not a video")
    {
        Received = ProviderText.Clean(received),
        Allowed = "an MP4 file",
        WasSent = true,
    };

    public static OmniException TooLarge(long bytes, long most) => new(OmniErrorKind.OutputRefused, "The video is larger than is accepted")
    {
        Received = FormattableString.Invariant($"{bytes} bytes or more"),
        Allowed = FormattableString.Invariant($"{most} bytes"),
        WasSent = true,
    };

    /// <summary>Writes, and tells of a disk that does not take it.</summary>
    public static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, failure);
        }
    }

    public static OmniException Unwritable(string path, Exception failure) =>
        new(OmniErrorKind.OutputRefused, $"The video cannot be written: {failure.Message.TrimEnd('.')}", failure)
        {
            Field = "path",
            Received = path,
            WasSent = true,
            NextStep = "Make room, or choose a folder that can be written to, and save again",
        };

    /// <summary>The same error with the task it is about, and what became of the clip.</summary>
    public static OmniException About(this OmniException failure, VideoTask task, VideoResult? video) => new(failure.Kind, failure.What, failure)
    {
        Field = failure.Field,
        Received = failure.Received,
        Allowed = failure.Allowed,
        Charged = failure.Charged,
        WasSent = failure.WasSent,
        Provider = task.Provider,
        RequestKey = task.RequestKey,
        TaskId = task.Id,
        ProviderCode = failure.ProviderCode,
        ProviderMessage = failure.ProviderMessage,
        HttpStatus = failure.HttpStatus,
        RequestId = failure.RequestId,
        RetryAt = failure.RetryAt,
        NextStep = failure.Kind == OmniErrorKind.ResultExpired || video is null ? failure.NextStep
            : $"{(failure.NextStep is null ? "" : failure.NextStep.TrimEnd('.') + ". ")}The clip was paid for when it was made and stays at the provider until {(video.ExpiresAt is { } end ? FormattableString.Invariant($"{end.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "it expires")}; until then it can be saved again for nothing",
    };
}
