using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>Waits for the clips of submitted rows and saves them.</summary>
internal sealed class BatchDeliveries(BatchRun run, LedgerHold ledgerHold) : IDisposable
{
    private readonly SemaphoreSlim gate = new(BatchConstants.SavesAtOnce);

    /// <summary>Waits until a clip is made. Null: the row is settled.</summary>
    public async Task<VideoTask?> WaitAsync(BatchItem item, VideoTask task)
    {
        var delay = BatchConstants.FirstDelay;
        for (var failures = 0; !task.Status.IsTerminal();)
        {
            run.Set(item, VideoBatchRowState.Running);
            var (seen, failure) = await FollowAsync(item, task);
            task = seen;
            if (failure is null && !task.Status.IsTerminal())
                return LeaveRunning(item, "the provider has not finished it yet");
            if (failure is null)
                break;
            var isLedger = failure.Kind == OmniErrorKind.LedgerUnavailable;
            if (isLedger ? !await ledgerHold.WaitAsync(failure) : ++failures > BatchConstants.MaximumSettlements || !await run.DelayAsync(delay))
                return LeaveRunning(item, failure.Summary);
            delay = delay * 2 < BatchConstants.LongestDelay ? delay * 2 : BatchConstants.LongestDelay;
        }
        if (task.Status == VideoTaskStatus.Completed)
            return task;
        item.Task = task;
        run.Settle(item, VideoBatchRowState.Failed, ProviderText.Clean(task.Error?.Message) ?? $"the provider ended it as {task.Status.ToWireName()}",
            "Change the row, or run it with -RetryFailed", task.Charged, isReported: true);
        return null;
    }

    /// <summary>Saves a clip. False: it is lost, and another attempt at the row is wanted.</summary>
    public async Task<bool> SaveAsync(BatchItem item, VideoTask task)
    {
        item.Task = task;
        item.Charged = task.Charged;
        run.Set(item, VideoBatchRowState.ToDownload);
        while (true)
        {
            try
            {
                await gate.WaitAsync(run.EndHold);
            }
            catch (OperationCanceledException)
            {
                run.LeaveStopped(item);
                return true;
            }
            try
            {
                await SaveNowAsync(item, task);
                return true;
            }
            catch (OmniException failure) when (failure.Kind == OmniErrorKind.LedgerUnavailable)
            {
                if (await ledgerHold.WaitAsync(failure))
                    continue;
                Settle(item, VideoBatchRowState.ToDownload, failure);
                return true;
            }
            catch (OmniException failure)
            {
                if (failure.Kind is OmniErrorKind.ResultExpired or OmniErrorKind.NoVideo && run.Options.RetryFailed)
                    return false;
                Handle(item, failure);
                return true;
            }
            catch (OperationCanceledException)
            {
                run.LeaveStopped(item);
                return true;
            }
            finally
            {
                gate.Release();
            }
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task SaveNowAsync(BatchItem item, VideoTask task)
    {
        var saved = await run.Services.Save(task, new()
        {
            Folder = item.File.Folder,
            Template = item.File.Template,
            HoldFor = run.Options.RetryFor,
            EndHold = run.EndHold,
        }, run.Cancellation);
        item.Task = saved is [.., var last] ? last.Task : task;
        item.IsNewFile = saved.Any(video => !video.WasAlreadySaved);
        run.Settle(item, VideoBatchRowState.Saved, null, null, item.Task.Charged, isReported: false);
    }

    private void Handle(BatchItem item, OmniException failure)
    {
        switch (failure.Kind)
        {
            // The disk does not take it: others' clips are not bought for nothing.
            case OmniErrorKind.OutputRefused when failure.InnerException is IOException or UnauthorizedAccessException
                || failure.InnerException?.InnerException is IOException or UnauthorizedAccessException:
                run.Stop("", failure);
                Settle(item, VideoBatchRowState.ToDownload, failure);
                break;
            case OmniErrorKind.ResultExpired or OmniErrorKind.NoVideo or OmniErrorKind.OutputRefused or OmniErrorKind.TaskFailed:
                Settle(item, VideoBatchRowState.Failed, failure);
                break;
            default:
                Settle(item, VideoBatchRowState.ToDownload, failure);
                break;
        }
    }

    private void Settle(BatchItem item, VideoBatchRowState state, OmniException failure) => run.Settle(item, state, failure, Charged.Yes);

    private VideoTask? LeaveRunning(BatchItem item, string reason)
    {
        if (run.EndHold.IsCancellationRequested)
            run.LeaveStopped(item);
        else
            run.Settle(item, VideoBatchRowState.Running, reason, "Run it again: the clip is not bought twice", Charged.Unknown, isReported: true);
        return null;
    }

    // Until the end of the task, or until nothing is heard of it for as long as a batch may be held.
    private async Task<(VideoTask Task, OmniException? Failure)> FollowAsync(BatchItem item, VideoTask task)
    {
        using var silence = new CancellationTokenSource(run.Options.RetryFor, run.Services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, run.EndHold);
        await using var wait = run.Services.StartWait();
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
