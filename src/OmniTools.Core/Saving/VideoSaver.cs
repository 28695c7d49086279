using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Tasks;

namespace OmniTools.Saving;

/// <summary>
/// Turns a completed task's videos into files: whole, checked and named, or not there. <paramref name="refresh"/> asks the
/// provider for the task again, <paramref name="find"/> asks the ledger, <paramref name="record"/> tells it.
/// </summary>
internal sealed class VideoSaver(
    HttpMessageHandler? injected, Func<string, Uri> baseOf, Retry retry,
    Func<VideoTask, RetryPolicy, CancellationToken, Task<VideoTask>> refresh, Func<VideoTask, Task<RequestRecord?>> find, Func<VideoTask, int, ClaimedName, Task> record) : IDisposable
{
    private readonly ResultHost host = new(injected);

    /// <summary>Saves every video of a completed task.</summary>
    public async Task<IReadOnlyList<SavedVideo>> SaveAsync(VideoTask task, SaveOptions options, IProgress<SaveProgress>? progress, CancellationToken stop)
    {
        if (task is { Status: VideoTaskStatus.Completed, Videos.Count: 0, Id: not null })
            task = await AskAsync(task, options, stop);
        SavingErrors.CheckCompleted(task);
        task = OnThisMachine(task);
        var names = Names(task, options);
        var saved = new List<SavedVideo>();
        for (var index = 0; index < names.Count; index++)
        {
            try
            {
                var one = await SaveOneAsync(task, index, names[index], options, progress, stop);
                task = one.Task;
                saved.Add(one);
            }
            catch (OmniException failure)
            {
                throw failure.About(task, task.Videos.ElementAtOrDefault(index), retry.Time.GetUtcNow());
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw SavingErrors.Unwritable(names[index].Choice(1), failure).About(task, task.Videos.ElementAtOrDefault(index), retry.Time.GetUtcNow());
            }
        }
        return [.. saved.Select(each => each with { Task = task })];
    }

    public void Dispose() => host.Dispose();

    private async Task<VideoTask> AskAsync(VideoTask task, SaveOptions options, CancellationToken stop)
    {
        try
        {
            return await refresh(task, RetryPolicy.Hold(options.HoldFor), stop);
        }
        catch (OmniException failure)
        {
            throw failure.About(task);
        }
    }

    private static IReadOnlyList<VideoName> Names(VideoTask task, SaveOptions options)
    {
        try
        {
            return [.. task.Videos.Select((_, index) => FileNameTemplate.Expand(options.Template, options.Folder, task, index))];
        }
        catch (OmniException refused)
        {
            throw refused.About(task);
        }
    }

    private async Task<SavedVideo> SaveOneAsync(VideoTask task, int index, VideoName name, SaveOptions options, IProgress<SaveProgress>? progress, CancellationToken stop)
    {
        var claim = await new NameClaim(name, task, index, options, retry.Time, GetLatestAsync).TakeAsync(stop);
        using var part = claim.Part;
        if (part is null)
        {
            await FinishAsync(task, index, claim, options, isNew: false, stop);
            return Saved(task, index, claim, wasAlreadySaved: true);
        }
        var note = PartNote.Read(claim.Path) ?? new() { Key = task.RequestKey, Index = index };
        // An earlier save fetched it and could not give it its name, for another program had the file open.
        if (note.Sha256 is not { } sha256 || part.Length == 0 || await part.ComputeSha256Async(stop) != sha256)
            (task, sha256) = await DownloadAsync(task, index, claim.Path, part, note, options, progress, stop);
        claim = claim with { Sha256 = sha256, Bytes = part.Length };
        await part.BecomeAsync(claim.Replaces, retry.Time, stop);
        await FinishAsync(task, index, claim, options, isNew: true, stop);
        return Saved(task, index, claim, wasAlreadySaved: false);
    }

    private async Task<(VideoTask Task, string Sha256)> DownloadAsync(
        VideoTask task, int index, string path, PartFile part, PartNote note, SaveOptions options, IProgress<SaveProgress>? progress, CancellationToken stop)
    {
        await using var download = new Download(host, part, path, note with { Sha256 = null }, options.MaximumBytes, retry.Time,
            (received, total) => progress?.Report(new(task, path, received, total)));
        var policy = RetryPolicy.Hold(options.HoldFor);
        try
        {
            var downloader = new RetryingDownloader(baseOf, retry.With(policy), (known, token) => refresh(known, policy, token));
            task = await downloader.RunAsync(download, task, index, stop);
        }
        catch (Exception failure)
            when (download.Position == 0 || failure is OmniException { Kind: OmniErrorKind.ResultExpired })
        {
            // There is nothing to resume.
            part.Delete();
            throw;
        }
        return (task, await download.FinishAsync(stop));
    }

    // Also what an earlier save did not come to do after the file had its name.
    private async Task FinishAsync(VideoTask task, int index, ClaimedName claim, SaveOptions options, bool isNew, CancellationToken stop)
    {
        await RecordAsync(task, index, claim, isNew);
        if (options.Sidecar && (isNew || !Path.Exists(VideoName.SidecarOf(claim.Path))))
        {
            var sidecar = Sidecar.Of(task, (await find(task))?.Sent?.Request, index, claim.Sha256!, claim.Bytes, retry.Time.GetUtcNow());
            await sidecar.WriteAsync(claim.Path, retry.Time, stop);
        }
        if (isNew || PartNote.Read(claim.Path) is { Sha256: not null })
            await HeldFile.ChangeAsync(() => File.Delete(PartNote.PathOf(claim.Path)), HeldFile.ReplaceTimeout, retry.Time, stop);
    }

    // The file is there, whatever the ledger says: a record that cannot be written is no reason to call it lost.
    private async Task RecordAsync(VideoTask task, int index, ClaimedName claim, bool isNew)
    {
        if (!isNew && VideoName.Same(claim.Path, task.Videos[index].SavedPath) && claim.Sha256 == task.Videos[index].Sha256)
            return;
        try
        {
            await record(task, index, claim);
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.LedgerUnavailable)
        {
            OmniTrace.Verbose(failure.Message);
        }
    }

    // As saved by others meanwhile.
    private async Task<VideoTask> GetLatestAsync(VideoTask task) =>
        (await find(task))?.Task is { } known && known.Videos.Count == task.Videos.Count ? OnThisMachine(known) : task;

    // The path of another machine's file says nothing about this one.
    private static VideoTask OnThisMachine(VideoTask task) => task with
    {
        Videos = [.. task.Videos.Select(video => video.SavedOn is null ? video : video with { SavedPath = null, SavedOn = null, Sha256 = null })],
    };

    private static SavedVideo Saved(VideoTask task, int index, ClaimedName claim, bool wasAlreadySaved) => new()
    {
        Task = task with { Videos = [.. task.Videos.Select((video, i) => i == index ? video with { SavedPath = claim.Path, Sha256 = claim.Sha256 } : video)] },
        Index = index,
        Path = claim.Path,
        Bytes = claim.Bytes,
        Sha256 = claim.Sha256!,
        WasAlreadySaved = wasAlreadySaved,
    };
}
