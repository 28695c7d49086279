using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Tasks;

namespace OmniTools.Saving;

/// <summary>
/// Brings one video over, however often it takes: a broken transfer is continued, a dead address asked for anew once. Attempts
/// count only while nothing comes in between, and cost quota only while hardly anything does.
/// </summary>
internal sealed class Transfer(Func<string, Uri> baseOf, Retry retry, Func<VideoTask, CancellationToken, Task<VideoTask>> refresh)
{
    /// <summary>Fetches one video into its part; gives the task, newer than it was when its address had to be asked for again.</summary>
    public async Task<VideoTask> RunAsync(Download download, VideoTask task, int index, CancellationToken stop)
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
                        throw SavingErrors.Expired();
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
                    throw SavingErrors.Unreachable(reason, failure, null);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                reason = ProviderText.Clean(failure.GetBaseException().Message) ?? failure.GetType().Name;
            }
            var gained = download.Position - before;
            if (gained > 0)
                attempt = gained >= SavingConstants.ProgressBytes ? 0 : 1;
            if (!await retry.WaitAsync(attempt, throttled, retryAfter, reason, stop))
                throw SavingErrors.Unreachable(reason, null, retry.Time.GetUtcNow() + retryAfter);
        }
    }

    private async Task<VideoTask> RenewAsync(VideoTask task, int index, CancellationToken stop)
    {
        OmniTrace.Verbose("The result's address has expired: the provider is asked for a new one");
        try
        {
            var fresh = await refresh(task, stop);
            return index < fresh.Videos.Count ? fresh : throw SavingErrors.Expired();
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.NotFound)
        {
            throw SavingErrors.Expired();
        }
    }
}
