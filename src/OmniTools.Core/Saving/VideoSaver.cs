using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>
/// Turns a completed task's videos into files, each complete, checked and named. <paramref name="refresh"/> asks the
/// provider for the task again, <paramref name="find"/> reads the ledger, <paramref name="record"/> writes to it.
/// </summary>
internal sealed class VideoSaver(
    HttpMessageHandler? injected, Func<string, Uri> getBaseAddress, Retry retry,
    Func<VideoTask, RetryPolicy, CancellationToken, Task<VideoTask>> refresh,
    Func<VideoTask, Task<RequestRecord?>> find, Func<VideoTask, int, ReservedFile, Task> record) : IDisposable
{
    private readonly ResultHttpClient host = new(injected);

    /// <summary>Saves every video of a completed task.</summary>
    public async Task<IReadOnlyList<SavedVideo>> SaveAsync(VideoTask task, SaveOptions options,
        IProgress<SaveProgress>? progress, CancellationToken cancellationToken)
    {
        if (task is { Status: VideoTaskStatus.Completed, Videos.Count: 0, Id: not null })
            task = await RefreshAsync(task, options, cancellationToken);
        SavingErrors.CheckCompleted(task);
        task = WithLocalFiles(task);
        var names = GetNames(task, options);
        var saved = new List<SavedVideo>();
        for (var index = 0; index < names.Count; index++)
        {
            try
            {
                var one = await SaveOneAsync(task, index, names[index], options, progress, cancellationToken);
                task = one.Task;
                saved.Add(one);
            }
            catch (Exception failure) when (failure is OmniException or IOException or UnauthorizedAccessException)
            {
                var error = failure as OmniException ?? SavingErrors.Unwritable(names[index].GetPath(1), failure);
                throw error.ForVideo(task, task.Videos.ElementAtOrDefault(index), retry.TimeProvider.GetUtcNow());
            }
        }
        return [.. saved.Select(each => each with { Task = task })];
    }

    public void Dispose() => host.Dispose();

    private async Task<VideoTask> RefreshAsync(VideoTask task, SaveOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await refresh(task, RetryPolicy.Hold(options.HoldFor, options.EndHold), cancellationToken);
        }
        catch (OmniException failure)
        {
            throw failure.ForTask(task);
        }
    }

    private static IReadOnlyList<VideoName> GetNames(VideoTask task, SaveOptions options)
    {
        try
        {
            return [.. task.Videos.Select(
                (_, index) => FileNameTemplate.Expand(options.Template, options.Folder, task, index))];
        }
        catch (OmniException refused)
        {
            throw refused.ForTask(task);
        }
    }

    private async Task<SavedVideo> SaveOneAsync(VideoTask task, int index, VideoName name, SaveOptions options,
        IProgress<SaveProgress>? progress, CancellationToken cancellationToken)
    {
        var claim = await new OutputFileReservation(name, task, index, options, retry.TimeProvider,
            GetLatestAsync).ReserveAsync(cancellationToken);
        using var part = claim.Part;
        if (part is null)
        {
            await FinishAsync(task, index, claim, options, isNew: false, cancellationToken);
            return ToSavedVideo(task, index, claim, wasAlreadySaved: true);
        }
        var metadata = PartialDownloadMetadata.Read(claim.Path) ?? new() { Key = task.RequestKey, Index = index };
        // An earlier save may have completed the file while another program had the target open.
        if (metadata.Sha256 is not { } sha256 || await part.ComputeSha256Async(cancellationToken) != sha256)
            (task, sha256) =
                await DownloadAsync(task, index, claim.Path, part, metadata, options, progress, cancellationToken);
        claim = claim with { Sha256 = sha256, Bytes = part.Length };
        await part.CommitAsync(claim.Replaces, retry.TimeProvider, cancellationToken);
        await FinishAsync(task, index, claim, options, isNew: true, cancellationToken);
        return ToSavedVideo(task, index, claim, wasAlreadySaved: false);
    }

    private async Task<(VideoTask Task, string Sha256)> DownloadAsync(
        VideoTask task, int index, string path, PartialFile part, PartialDownloadMetadata metadata, SaveOptions options,
        IProgress<SaveProgress>? progress, CancellationToken cancellationToken)
    {
        var download = new PartialDownload(host, part, path, metadata with { Sha256 = null }, options.MaximumBytes,
            retry.TimeProvider, (received, total) => progress?.Report(new(task, path, received, total)));
        var policy = RetryPolicy.Hold(options.HoldFor, options.EndHold);
        try
        {
            var allowLoopback = BaseAddress.IsLoopback(getBaseAddress(task.Provider));
            task = await new RetryingDownloader(download, task, index, allowLoopback, retry.With(policy),
                (known, token) => refresh(known, policy, token)).RunAsync(cancellationToken);
        }
        catch (Exception failure)
            when (part.Length == 0 || failure is OmniException { Kind: OmniErrorKind.ResultExpired })
        {
            // There is nothing to resume.
            part.Delete();
            throw;
        }
        return (task, await download.FinishAsync(cancellationToken));
    }

    // Also completes the steps that an interrupted save left undone after the rename.
    private async Task FinishAsync(VideoTask task, int index, ReservedFile claim, SaveOptions options, bool isNew,
        CancellationToken cancellationToken)
    {
        await RecordAsync(task, index, claim, isNew);
        if (options.Sidecar && (isNew || !Path.Exists(VideoName.GetSidecarPath(claim.Path))))
        {
            var sidecar = Sidecar.From(task, (await find(task))?.Sent?.Request, index, claim.Sha256!, claim.Bytes,
                retry.TimeProvider.GetUtcNow());
            await sidecar.WriteAsync(claim.Path, retry.TimeProvider, cancellationToken);
        }
        if (isNew || PartialDownloadMetadata.Read(claim.Path) is { Sha256: not null })
            await HeldFile.ChangeAsync(() => File.Delete(PartialDownloadMetadata.GetPath(claim.Path)),
                HeldFile.ReplaceTimeout, retry.TimeProvider, cancellationToken);
    }

    // A file that is saved is not reported as lost because the ledger cannot be written.
    private async Task RecordAsync(VideoTask task, int index, ReservedFile claim, bool isNew)
    {
        if (!isNew && VideoName.IsSamePath(claim.Path, task.Videos[index].SavedPath)
            && claim.Sha256 == task.Videos[index].Sha256)
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

    // Another process may have saved the video meanwhile.
    private async Task<VideoTask> GetLatestAsync(VideoTask task) =>
        (await find(task))?.Task is { } known && known.Videos.Count == task.Videos.Count ? WithLocalFiles(known) : task;

    // The path of another machine's file says nothing about this one.
    private static VideoTask WithLocalFiles(VideoTask task) => task with
    {
        Videos = [.. task.Videos.Select(
            video => video.SavedOn is null ? video : video with { SavedPath = null, SavedOn = null, Sha256 = null })],
    };

    private static SavedVideo ToSavedVideo(VideoTask task, int index, ReservedFile claim, bool wasAlreadySaved) => new()
    {
        Task = task with
        {
            Videos = [.. task.Videos.Select((video, i) =>
                i == index ? video with { SavedPath = claim.Path, Sha256 = claim.Sha256 } : video)],
        },
        Index = index,
        Path = claim.Path,
        Bytes = claim.Bytes,
        Sha256 = claim.Sha256!,
        WasAlreadySaved = wasAlreadySaved,
    };
}
