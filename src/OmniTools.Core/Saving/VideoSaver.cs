using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Tasks;

namespace OmniTools.Saving;

/// <summary>
/// Turns a completed task's videos into files: whole, checked and named, or not there. <paramref name="refresh"/> asks the
/// provider for the task again, <paramref name="record"/> tells the ledger.
/// </summary>
internal sealed class VideoSaver(
    HttpMessageHandler? injected, Func<string, Uri> baseOf, Retry retry,
    Func<VideoTask, CancellationToken, Task<VideoTask>> refresh, Func<LedgerRecord, Task> record) : IDisposable
{
    private readonly ResultHost host = new(injected);

    /// <summary>Saves every video of a completed task.</summary>
    public async Task<IReadOnlyList<SavedVideo>> SaveAsync(VideoTask task, SaveOptions options, IProgress<SaveProgress>? progress, CancellationToken stop)
    {
        if (task is { Status: VideoTaskStatus.Completed, Videos.Count: 0, Id: not null })
            task = await refresh(task, stop);
        CheckCompleted(task);
        var names = task.Videos.Select((_, index) => FileNameTemplate.Expand(options.Template, options.Folder, task, index)).ToList();
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
                throw failure.About(task, task.Videos.ElementAtOrDefault(index));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw SavingErrors.Unwritable(names[index].Choice(1), failure).About(task, task.Videos.ElementAtOrDefault(index));
            }
        }
        return [.. saved.Select(each => each with { Task = task })];
    }

    public void Dispose() => host.Dispose();

    private async Task<SavedVideo> SaveOneAsync(VideoTask task, int index, VideoName name, SaveOptions options, IProgress<SaveProgress>? progress, CancellationToken stop)
    {
        var claim = await new NameClaim(name, task, index, options, retry.Time).TakeAsync(stop);
        using var part = claim.Part;
        if (part is null)
        {
            await FinishAsync(task, index, claim, options, isNew: false);
            return Saved(task, index, claim, wasAlreadySaved: true);
        }
        var note = PartNote.Read(claim.Path) ?? new() { Key = task.RequestKey, Index = index };
        await using var download = new Download(host, part, claim.Path, note with { Sha256 = null }, options.MaximumBytes, retry.Time,
            (received, total) => progress?.Report(new(task, claim.Path, received, total)));
        try
        {
            task = await TransferAsync(download, task, index, stop);
        }
        catch when (download.Position == 0)
        {
            part.Delete();
            throw;
        }
        var sha256 = await download.FinishAsync();
        claim = claim with { Sha256 = sha256, Bytes = download.Position };
        part.Become(claim.Replaces);
        await FinishAsync(task, index, claim, options, isNew: true);
        return Saved(task, index, claim, wasAlreadySaved: false);
    }

    private async Task<VideoTask> TransferAsync(Download download, VideoTask task, int index, CancellationToken stop)
    {
        await download.PrepareAsync(stop);
        var allowLoopback = BaseAddress.IsLoopback(baseOf(task.Provider));
        var isFresh = false;
        for (var attempt = 1; ; attempt++)
        {
            var before = download.Position;
            var (reason, throttled, retryAfter) = ("", false, (TimeSpan?)null);
            if (!isFresh && task.Videos[index].ExpiresAt <= retry.Time.GetUtcNow())
                (task, isFresh) = (await RenewAsync(task, index, stop), true);
            try
            {
                switch (await download.FetchAsync(task.Videos[index].Url, allowLoopback, stop))
                {
                    case DownloadEnd.Complete:
                        retry.Succeeded();
                        return task;
                    case DownloadEnd.Gone when isFresh:
                        throw Expired();
                    case DownloadEnd.Gone:
                        (task, isFresh) = (await RenewAsync(task, index, stop), true);
                        attempt--;
                        continue;
                    default:
                        reason = "the answer does not continue what was received";
                        await download.StartOverAsync();
                        break;
                }
            }
            catch (HttpRequestException failure) when (failure.GetBaseException() is OmniException refused)
            {
                throw refused;
            }
            catch (DownloadFailure failure)
            {
                (reason, throttled, retryAfter) = (failure.Message, Retry.IsThrottled(failure.Status), failure.RetryAfter);
                if (!Retry.IsTransient(failure.Status))
                    throw Unreachable(task, reason, failure);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                reason = ProviderText.Clean(failure.GetBaseException().Message) ?? failure.GetType().Name;
            }
            if (download.Position > before)
                attempt = 1;
            if (!await retry.WaitAsync(attempt, throttled, retryAfter, reason, stop))
                throw Unreachable(task, reason, null, retryAfter);
        }
    }

    private async Task<VideoTask> RenewAsync(VideoTask task, int index, CancellationToken stop)
    {
        OmniTrace.Verbose("The result's address has expired: the provider is asked for a new one");
        try
        {
            var fresh = await refresh(task, stop);
            return index < fresh.Videos.Count ? fresh : throw Expired();
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.NotFound)
        {
            throw Expired();
        }
    }

    // Also what an earlier save did not come to do after the file had its name.
    private async Task FinishAsync(VideoTask task, int index, ClaimedName claim, SaveOptions options, bool isNew)
    {
        await RecordAsync(task, index, claim, isNew);
        if (options.Sidecar && (isNew || !Path.Exists(VideoName.SidecarOf(claim.Path))))
            Sidecar.Of(task, index, claim.Sha256!, claim.Bytes, retry.Time.GetUtcNow()).Write(claim.Path);
        if (isNew || PartNote.Read(claim.Path) is { Sha256: not null })
            File.Delete(PartNote.PathOf(claim.Path));
    }

    // The file is there, whatever the ledger says: a record that cannot be written is no reason to call it lost.
    private async Task RecordAsync(VideoTask task, int index, ClaimedName claim, bool isNew)
    {
        if (!isNew && VideoName.Same(claim.Path, task.Videos[index].SavedPath) && claim.Sha256 == task.Videos[index].Sha256)
            return;
        try
        {
            await record(new() { Event = LedgerEvent.Saved, Key = task.RequestKey, Id = task.Id, Index = index, Path = claim.Path, Sha256 = claim.Sha256, Bytes = claim.Bytes });
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.LedgerUnavailable)
        {
            OmniTrace.Verbose(failure.Message);
        }
    }

    private static SavedVideo Saved(VideoTask task, int index, ClaimedName claim, bool wasAlreadySaved) => new()
    {
        Task = task with { Videos = [.. task.Videos.Select((video, i) => i == index ? video with { SavedPath = claim.Path, Sha256 = claim.Sha256 } : video)] },
        Index = index,
        Path = claim.Path,
        Bytes = claim.Bytes,
        Sha256 = claim.Sha256!,
        WasAlreadySaved = wasAlreadySaved,
    };

    private static void CheckCompleted(VideoTask task)
    {
        if (task.Status == VideoTaskStatus.Completed && task.Videos.Count > 0)
            return;
        var (kind, what, next) = task.Status switch
        {
            VideoTaskStatus.Completed => (OmniErrorKind.NoVideo, "The provider says completed and gives no video", "Ask for the task again later, and the provider's support if it stays so"),
            VideoTaskStatus.Failed or VideoTaskStatus.Cancelled => (OmniErrorKind.TaskFailed, $"The task made no video: it {(task.Status == VideoTaskStatus.Failed ? "failed" : "was cancelled")}", "Submit a new request"),
            _ => (OmniErrorKind.InvalidRequest, "The task is not completed yet: there is nothing to save", "Wait for it, then save it"),
        };
        throw new OmniException(kind, what)
        {
            Field = "task_id",
            Received = $"{ProviderText.Clean(task.Handle)}, {task.Status.Word()}",
            Provider = task.Provider,
            TaskId = task.Id,
            RequestKey = task.RequestKey,
            Charged = task.Error?.Charged ?? Charged.No,
            WasSent = true,
            ProviderMessage = ProviderText.Clean(task.Error?.Message),
            NextStep = next,
        };
    }

    private static OmniException Expired() => new(OmniErrorKind.ResultExpired, "The video's address is no longer served, and the provider gives no other")
    {
        WasSent = true,
        NextStep = "The clip is lost at the provider; ask its support with the task id, or generate it again as a new request",
    };

    private OmniException Unreachable(VideoTask task, string reason, Exception? inner, TimeSpan? retryAfter = null) =>
        new(OmniErrorKind.ProviderUnavailable, $"The video could not be fetched: {reason}", inner)
        {
            WasSent = true,
            Provider = task.Provider,
            RetryAt = retryAfter is { } later ? retry.Time.GetUtcNow() + later : null,
            NextStep = "Save it again: what has come already is continued where the server allows it",
        };
}
