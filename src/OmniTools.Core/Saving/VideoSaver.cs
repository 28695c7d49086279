using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>
/// Saves the videos of a completed task as files. <paramref name="refresh"/> asks the
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
        (task, var names) = await PrepareAsync(task, options, cancellationToken);
        var saved = new List<SavedVideo>();
        for (var index = 0; index < names.Count; index++)
        {
            try
            {
                // The provider may give fewer videos than before when it is asked for a new URL.
                if (index >= task.Videos.Count)
                    throw SavingErrors.Expired();
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

    private async Task<(VideoTask Task, IReadOnlyList<VideoName> Names)> PrepareAsync(
        VideoTask task, SaveOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (task is { Status: VideoTaskStatus.Completed, Videos.Count: 0, Id: not null })
                task = await refresh(task, RetryPolicy.Hold(options.HoldFor, options.EndHold), cancellationToken);
            SavingErrors.CheckCompleted(task);
            return (WithLocalFiles(task), [.. task.Videos.Select(
                (_, index) => FileNameTemplate.Expand(options.Template, options.Folder, task, index))]);
        }
        catch (OmniException failure)
        {
            throw failure.ForTask(task);
        }
    }

    private async Task<SavedVideo> SaveOneAsync(VideoTask task, int index, VideoName name, SaveOptions options,
        IProgress<SaveProgress>? progress, CancellationToken cancellationToken)
    {
        var file = await new OutputFileReservation(name, task, index, options, retry.TimeProvider, GetLatestAsync)
            .ReserveAsync(cancellationToken);
        using var part = file.Part;
        if (part is not null)
        {
            (task, var sha256) =
                await DownloadAsync(task, index, file.Path, part, options, progress, cancellationToken);
            file = file with { Sha256 = sha256, Bytes = part.Length };
            await part.CommitAsync(file.Replaces, retry.TimeProvider, cancellationToken);
        }
        await FinishAsync(task, index, file, options, isNew: part is not null, cancellationToken);
        var saved = task.Videos[index] with { SavedPath = file.Path, Sha256 = file.Sha256 };
        return new()
        {
            Task = task with { Videos = [.. task.Videos.Select((video, i) => i == index ? saved : video)] },
            Index = index,
            Path = file.Path,
            Bytes = file.Bytes,
            Sha256 = file.Sha256!,
            WasAlreadySaved = part is null,
        };
    }

    private async Task<(VideoTask Task, string Sha256)> DownloadAsync(VideoTask task, int index, string path,
        PartialFile part, SaveOptions options, IProgress<SaveProgress>? progress, CancellationToken cancellationToken)
    {
        var metadata = PartialDownloadMetadata.Read(path) ?? new() { Key = task.RequestKey, Index = index };
        // An earlier save may have completed the file while another program had the target open.
        if (metadata.Sha256 is { } complete)
        {
            await part.ReadBackAsync(cancellationToken);
            if (part.Finish() == complete)
                return (task, complete);
            // A power failure left other bytes on the disk than were received.
            part.Clear();
        }
        var download = new PartialDownload(host, part, path, metadata with { Sha256 = null }, options.MaximumBytes,
            retry.TimeProvider, (received, total) => progress?.Report(new(task, path, received, total)));
        var policy = RetryPolicy.Hold(options.HoldFor, options.EndHold);
        try
        {
            var allowLoopback = BaseAddress.IsLoopback(getBaseAddress(task.Provider));
            task = await new RetryingDownloader(download, task, index, allowLoopback, retry.With(policy),
                (known, token) => refresh(known, policy, token)).RunAsync(cancellationToken);
            return (task, await download.FinishAsync(cancellationToken));
        }
        catch (Exception failure)
        {
            // There is nothing to resume.
            if (part.Length == 0 || failure is OmniException { Kind: OmniErrorKind.ResultExpired })
                part.Delete();
            if (failure is IOException or UnauthorizedAccessException)
                throw SavingErrors.Unwritable(path, failure);
            throw;
        }
    }

    // Also completes the steps that an interrupted save left undone after the rename.
    private async Task FinishAsync(VideoTask task, int index, ReservedFile file, SaveOptions options, bool isNew,
        CancellationToken cancellationToken)
    {
        await RecordAsync(task, index, file, isNew);
        if (options.Sidecar && (isNew || !Path.Exists(VideoName.GetSidecarPath(file.Path))))
        {
            var sidecar = Sidecar.From(task, (await find(task))?.Sent?.Request, index, file.Sha256!, file.Bytes,
                retry.TimeProvider.GetUtcNow());
            await sidecar.WriteAsync(file.Path, retry.TimeProvider, cancellationToken);
        }
        if (isNew || PartialDownloadMetadata.Read(file.Path) is { Sha256: not null })
            await HeldFile.ChangeAsync(() => File.Delete(PartialDownloadMetadata.GetPath(file.Path)),
                HeldFile.ReplaceTimeout, retry.TimeProvider, cancellationToken);
    }

    // A file that is saved is not reported as lost because the ledger cannot be written.
    private async Task RecordAsync(VideoTask task, int index, ReservedFile file, bool isNew)
    {
        if (!isNew && VideoName.IsSamePath(file.Path, task.Videos[index].SavedPath)
            && file.Sha256 == task.Videos[index].Sha256)
            return;
        try
        {
            await record(task, index, file);
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
}
