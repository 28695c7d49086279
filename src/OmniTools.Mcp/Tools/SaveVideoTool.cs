using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;
using OmniTools.Saving;

namespace OmniTools.Mcp.Tools;

/// <summary>Downloads completed videos to files below the output root.</summary>
internal sealed class SaveVideoTool() : OmniTool(
    "save_video",
    "Save videos",
    "Download the videos of completed tasks to files below the output root: task_id for one, task_ids for "
    + "several at once. Free; seconds to a minute; safe to repeat (what is saved is kept). Call it soon: result"
    + " URLs typically expire 24 hours after completion, the file stays. Not for tasks still running: "
    + "wait_video_task first. Give the user the paths it returns.",
    new() { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = true },
    new InputSchema(
        CommonParameters.TaskId with { IsRequired = false },
        CommonParameters.TaskIds with { IsRequired = false },
        CommonParameters.TaskProvider,
        ToolParameter.String("path",
            "Relative to the output root. Without an extension or a {token} it is a folder, made if missing; "
            + "else a file name or a template of {prompt} {key} {id} {provider} {model} {date} {index} {ext}. "
            + "Default: " + SaveOptions.DefaultTemplate, 400, "clips/fox.mp4"))
    {
        OneOf = ["task_id", "task_ids"],
    })
{
    public override async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var ids = new[] { call.Arguments.GetString("task_id") }.OfType<string>()
            .Concat(call.Arguments.GetStrings("task_ids")).Distinct(StringComparer.Ordinal).ToList();
        var saves = new VideoTaskSaver(call, Options(call));
        await saves.RunAsync(ids, cancellationToken);
        if (saves.Files.Count == 0 && saves.Failures is [var failure])
            return await ToolErrors.FromExceptionAsync(call, failure.Error, failure.Step);
        foreach (var file in saves.Files)
            call.Session.Root.Check(file.Path, file.Path, "path");
        return CreateResult(saves);
    }

    private static CallToolResult CreateResult(VideoTaskSaver saves)
    {
        var (files, failures) = (saves.Files, saves.Failures);
        var next = Next(failures);
        var answer = new SaveVideoResult(
            [.. files.Select(file => new SavedFileResult(
                file.Task.Reference, file.Path, file.Bytes, file.Sha256, file.WasAlreadySaved))],
            failures.Select(failure => VideoTaskFailure.From(failure.Id, failure.Error)).ToList().NullIfEmpty(),
            next);
        var lines = DescribeFiles(files).ToList();
        if (failures.Count > 0)
            lines.Add($"Not saved: {failures.Count}. This call is free.");
        lines.AddRange(failures.Select(failure => $"{failure.Step}: {failure.Error.Summary.TrimEnd('.')}"));
        if (next is not null)
            lines.Add("Next: " + next);
        lines.AddRange(failures.Select(failure => (failure.Id, Quote: ProviderQuote.Create(failure.Error)))
            .Where(each => each.Quote is not null).Select(each => $"{each.Id}: {each.Quote}"));
        var result = ToolResult.Create(
            answer, ResultJson.Default.SaveVideoResult, string.Join('\n', lines), files.Select(CreateLink));
        result.IsError = files.Count == 0 ? true : null;
        return result;
    }

    private static string? Next(IReadOnlyList<VideoTaskSaver.Failure> failures)
    {
        if (failures.Count == 0)
            return null;
        var again = failures.Where(failure => failure.CanRepeat).Select(failure => failure.Id).ToList();
        var running = failures.Where(failure => failure.IsRunning).Select(failure => failure.Id).ToList();
        var wait = running.Count == 0 ? null : SuggestedCall.WaitForTasks(running);
        var steps = new[] { wait, again.Count == 0 ? null : SuggestedCall.SaveTasks(again) }.OfType<string>().ToList();
        return steps.Count == 0 ? "tell the user what could not be saved" : string.Join("; then ", steps);
    }

    // The folder once, then the names of its files.
    private static IEnumerable<string> DescribeFiles(IReadOnlyList<SavedVideo> files)
    {
        if (files is [var only])
        {
            yield return $"{(only.WasAlreadySaved ? "Already saved" : "Saved")}: {only.Path} ({only.Bytes} bytes)";
            yield break;
        }
        foreach (var folder in files.GroupBy(file => Path.GetDirectoryName(file.Path)))
        {
            yield return $"Saved {folder.Count()} {(folder.Count() == 1 ? "video" : "videos")} to {folder.Key}:";
            foreach (var file in folder)
                yield return $"  {Path.GetFileName(file.Path)} ({file.Bytes} bytes"
                    + $"{(file.WasAlreadySaved ? ", saved before" : "")})";
        }
    }

    private static SaveOptions Options(ToolCall call)
    {
        var root = call.Session.Root;
        if (call.Arguments.GetString("path") is not { } path)
            return new() { Folder = root.Folder };
        var target = root.Resolve(path.TrimEnd('/'), "path");
        var name = Path.GetFileName(target);
        var isName = !path.EndsWith('/') && (Path.HasExtension(name) || name.Contains('{', StringComparison.Ordinal));
        return isName ? new() { Folder = Path.GetDirectoryName(target)!, Template = name } : new() { Folder = target };
    }

    private static ResourceLinkBlock CreateLink(SavedVideo video) =>
        new()
        {
            Uri = new Uri(video.Path).AbsoluteUri,
            Name = Path.GetFileName(video.Path),
            MimeType = Path.GetExtension(video.Path).ToLowerInvariant() switch
            {
                ".webm" => "video/webm",
                ".mov" => "video/quicktime",
                _ => "video/mp4",
            },
            Size = video.Bytes,
        };
}
