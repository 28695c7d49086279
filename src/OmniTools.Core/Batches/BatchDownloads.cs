using OmniTools.Errors;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>Waits for the clips of submitted rows and saves them.</summary>
internal sealed class BatchDownloads(BatchServices services, BatchRunContext run, LedgerHold ledgerHold) : IDisposable
{
    private readonly SemaphoreSlim gate = new(BatchConstants.SavesAtOnce);

    /// <summary>Waits until a clip is made. Null: the row is settled.</summary>
    public async Task<VideoTask?> WaitAsync(BatchItem item, VideoTask task)
    {
        for (var failures = 0; !task.Status.IsTerminal();)
        {
            run.Set(item, VideoBatchRowState.Running);
            (task, var failure) = await FollowAsync(item, task);
            if (task.Status.IsTerminal() && failure is null)
                break;
            var canGoOn = failure is not null && (failure.Kind == OmniErrorKind.LedgerUnavailable
                ? await ledgerHold.WaitAsync(failure)
                : ++failures <= BatchConstants.MaximumSettlements
                    && await run.DelayAsync(BatchConstants.GetDelay(failures)));
            if (canGoOn)
                continue;
            if (run.EndHold.IsCancellationRequested)
                run.Leave(item, null);
            else
                run.Settle(item, VideoBatchRowState.Running,
                    failure?.Summary ?? "the provider has not finished it yet",
                    "Run it again: the clip is not bought twice", Charged.Unknown);
            return null;
        }
        if (task.Status == VideoTaskStatus.Completed)
            return task;
        item.Task = task;
        run.Settle(item, VideoBatchRowState.Failed,
            ProviderText.Clean(task.Error?.Message) ?? $"the provider ended it as {task.Status.ToWireName()}",
            "Change the row, or run it with -RetryFailed", task.Charged);
        return null;
    }

    /// <summary>Saves a clip. False: it is lost, and another attempt at the row is wanted.</summary>
    public async Task<bool> SaveAsync(BatchItem item, VideoTask task)
    {
        (item.Task, item.Charged) = (task, task.Charged);
        run.Set(item, VideoBatchRowState.ToDownload);
        long? heldSince = null;
        for (var attempt = 1; await run.EnterAsync(gate, item);
            await run.DelayAsync(BatchConstants.GetDelay(attempt++)))
        {
            var start = run.TimeProvider.GetTimestamp();
            try
            {
                await SaveNowAsync(item, task);
                return true;
            }
            catch (OmniException failure)
            {
                var isLost = failure.Kind is OmniErrorKind.ResultExpired or OmniErrorKind.NoVideo;
                if (isLost && run.Options.RetryFailed)
                    return false;
                if (failure.Kind == OmniErrorKind.LedgerUnavailable && await ledgerHold.WaitAsync(failure))
                    continue;
                // Others are saved meanwhile: their URLs expire, too.
                if (IsHeld(failure) && run.TimeProvider.GetElapsedTime(heldSince ??= start) < run.Options.RetryFor)
                    continue;
                var isDisk = failure.Kind == OmniErrorKind.OutputRefused
                    && (IsDisk(failure.InnerException) || IsDisk(failure.InnerException?.InnerException));
                // Clips that cannot be saved are not bought.
                if (isDisk)
                    run.Stop("", failure);
                var isFinal = isLost
                    || (!isDisk && failure.Kind is OmniErrorKind.OutputRefused or OmniErrorKind.TaskFailed);
                run.Settle(item, isFinal ? VideoBatchRowState.Failed : VideoBatchRowState.ToDownload, failure,
                    Charged.Yes);
                return true;
            }
            catch (OperationCanceledException)
            {
                run.Leave(item, null);
                return true;
            }
            finally
            {
                gate.Release();
            }
        }
        return true;
    }

    public void Dispose() => gate.Dispose();

    // Not a status of the result host that no time changes.
    private static bool IsHeld(OmniException failure) =>
        failure.Kind is OmniErrorKind.ProviderUnavailable or OmniErrorKind.RateLimited
        && failure.GetBaseException() is not DownloadFailure;

    private static bool IsDisk(Exception? cause) => cause is IOException or UnauthorizedAccessException;

    private async Task SaveNowAsync(BatchItem item, VideoTask task)
    {
        var saved = await services.Save(task, new()
        {
            Folder = item.File.Folder,
            Template = item.File.Template,
            HoldFor = run.Options.RetryFor < BatchConstants.LongestSave
                ? run.Options.RetryFor : BatchConstants.LongestSave,
            EndHold = run.EndHold,
        }, run.Cancellation);
        item.Task = saved is [.., var last] ? last.Task : task;
        item.IsSavedInThisRun = saved.Any(video => !video.WasAlreadySaved);
        run.Settle(item, VideoBatchRowState.Saved, null, null, item.Task.Charged, isReported: false);
    }

    // Until the task ends, or until the provider has not answered for as long as a batch may be held.
    private async Task<(VideoTask Task, OmniException? Failure)> FollowAsync(BatchItem item, VideoTask task)
    {
        using var silence = new CancellationTokenSource(run.Options.RetryFor, run.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, run.EndHold);
        await using var wait = services.StartWait();
        wait.Add(task);
        wait.CompleteAdding();
        try
        {
            await foreach (var change in wait.ReadAllAsync(either.Token))
            {
                item.Task = task = change.Task;
                silence.CancelAfter(run.Options.RetryFor);
                if (change.Failure is { } failure)
                    return (task, failure);
            }
        }
        catch (OperationCanceledException)
        {
            // The task goes on at the provider.
        }
        return (task, null);
    }
}
