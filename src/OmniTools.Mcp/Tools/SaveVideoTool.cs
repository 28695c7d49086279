using System.Globalization;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;
using OmniTools.Mcp.Serving;
using OmniTools.Saving;
using OmniTools.Tasks;

namespace OmniTools.Mcp.Tools;

/// <summary>Downloads a completed video below the output root.</summary>
internal sealed class SaveVideoTool : IOmniTool
{
    public string Name => "save_video";

    public string Title => "Save a video";

    public string Description =>
        "Download the video of a completed task to a file below the output root. Free; seconds to a minute; safe to repeat (what is saved is kept, nothing is downloaded twice). " +
        "Call it soon: result URLs typically expire 24 hours after completion, the file stays. Not for tasks still running: wait_video_task first. Give the user the path it returns.";

    public InputSchema Input => field ??= new(
        Fields.TaskId,
        Fields.TaskProvider,
        new Field("path", FieldKind.Text, "Relative to the output root: a file name, a template with {prompt} {id} {date} {index} {ext}, or a folder. Default: " + SaveOptions.DefaultTemplate)
        {
            Least = 1,
            Most = 400,
            Example = "\"clips/fox.mp4\"",
        });

    public string OutputSchema => SaveAnswer.Schema;

    public ToolAnnotations Annotations => field ??= new() { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = true };

    public async Task<Result> RunAsync(ToolCall call, CancellationToken stop)
    {
        var id = call.Arguments.Text("task_id")!;
        var options = Options(call);
        var provider = call.Arguments.Text("provider");
        var task = call.Client.Find(id, provider) is { Status: VideoTaskStatus.Completed } known ? known : await call.Client.GetAsync(id, provider, stop);
        if (task.Status != VideoTaskStatus.Completed)
            throw NotCompleted(task);
        var saved = await SaveAsync(call, task, options, stop);
        foreach (var video in saved)
            call.Session.Root.Check(video.Path, video.Path, "path");
        var answer = new SaveAnswer
        {
            TaskId = task.Handle,
            Files = [.. saved.Select(video => new FileAnswer { Path = video.Path, Bytes = video.Bytes, Sha256 = video.Sha256, AlreadySaved = video.WasAlreadySaved })],
        };
        var text = string.Join('\n', saved.Select(video => string.Create(CultureInfo.InvariantCulture,
            $"{(video.WasAlreadySaved ? "Already saved" : "Saved")}: {video.Path} ({video.Bytes} bytes, sha256 {video.Sha256})")));
        return Answer.Of(answer, AnswerJson.Default.SaveAnswer, text, saved.Select(Link));
    }

    private static async Task<IReadOnlyList<SavedVideo>> SaveAsync(ToolCall call, VideoTask task, SaveOptions options, CancellationToken stop)
    {
        if (call.ProgressToken is null)
            return await call.Client.SaveAsync(task, options, null, stop);
        var told = new SavingProgress(call, stop);
        var saved = await call.Client.SaveAsync(task, options, told, stop);
        // Progress after the answer would belong to no call.
        await told.AllSentAsync();
        return saved;
    }

    private static SaveOptions Options(ToolCall call)
    {
        var root = call.Session.Root;
        if (call.Arguments.Text("path") is not { } path)
            return new() { Folder = root.Folder };
        var target = root.Resolve(path.TrimEnd('/'), "path");
        var name = Path.GetFileName(target);
        var isName = !path.EndsWith('/') && (Path.HasExtension(name) || name.Contains('{', StringComparison.Ordinal));
        return isName ? new() { Folder = Path.GetDirectoryName(target)!, Template = name } : new() { Folder = target };
    }

    private static OmniException NotCompleted(VideoTask task) => new(task.Status.IsFinal() ? OmniErrorKind.TaskFailed : OmniErrorKind.TimedOut, "This task has no video to save")
    {
        TaskId = task.Handle,
        RequestKey = task.RequestKey,
        Received = "status " + task.Status.Word(),
        Allowed = "status completed",
        Charged = task.Charged,
        WasFree = true,
        WasSent = true,
        NextStep = task.Error?.Message,
    };

    private static ResourceLinkBlock Link(SavedVideo video) => new()
    {
        Uri = new Uri(video.Path).AbsoluteUri,
        Name = Path.GetFileName(video.Path),
        MimeType = Path.GetExtension(video.Path).ToLowerInvariant() switch { ".webm" => "video/webm", ".mov" => "video/quicktime", _ => "video/mp4" },
        Size = video.Bytes,
    };
}
