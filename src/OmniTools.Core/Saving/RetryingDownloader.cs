using System.Globalization;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>
/// Downloads one video in as many attempts as necessary. A broken download is resumed, and a refused or expired URL is
/// replaced. Only attempts without progress count. <paramref name="refresh"/> gets the task from the provider again.
/// </summary>
internal sealed class RetryingDownloader(Func<string, Uri> baseOf, Retry retry,
    Func<VideoTask, CancellationToken, Task<VideoTask>> refresh)
{
    /// <summary>
    /// Downloads one video into its partial file. Returns the task, which is newer if its URL had to be renewed.
    /// </summary>
    public async Task<VideoTask> RunAsync(PartialDownload download, VideoTask task, int index,
        CancellationToken cancellationToken)
    {
        await download.PrepareAsync(cancellationToken);
        var allowLoopback = BaseAddress.IsLoopback(baseOf(task.Provider));
        var attempts = retry.Begin(GetHost(task, index), GetHost(task, index), CallKind.Download);
        var url = new UrlState();
        while (true)
        {
            if (HasExpired(task, index) && url.IsFirstExpiry())
                task = await RenewExpiredAsync(task, index, url, cancellationToken);
            using var permit = await attempts.EnterAsync(cancellationToken) ?? throw Unavailable(attempts.Outage);
            var before = download.Position;
            string reason;
            TimeSpan? retryAfter = null;
            try
            {
                var end = await download.FetchAsync(task.Videos[index].Url, allowLoopback, cancellationToken);
                permit.RecordSuccess();
                if (end == DownloadOutcome.Complete)
                    return task;
                if (end == DownloadOutcome.Gone)
                {
                    (task, var isNewUrl) = await RenewRefusedAsync(task, index, url, cancellationToken);
                    if (isNewUrl && url.IsFirstRenewal())
                        continue;
                    reason = "the result host refuses the URL";
                }
                else
                {
                    reason = "the answer does not continue what was received";
                    download.StartOver();
                }
            }
            catch (HttpRequestException failure) when (failure.GetBaseException() is OmniException refused)
            {
                throw refused;
            }
            catch (DownloadFailure failure)
            {
                (reason, retryAfter) = (failure.Message, failure.RetryAfter);
                if (!Retry.IsTransient(failure.Status))
                    throw SavingErrors.Unreachable(reason, failure, null);
                permit.RecordFailure(Retry.IsUnavailable(failure.Status), retryAfter, reason);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                reason = ProviderText.Clean(failure.GetBaseException().Message) ?? failure.GetType().Name;
                permit.RecordFailure(isUnavailable: false, null, reason);
            }
            if (url.CountProgress(download.Position - before))
                attempts.RecordProgress();
            if (!await attempts.WaitAsync(retryAfter, reason, cancellationToken))
                throw SavingErrors.Unreachable(reason, null, retry.TimeProvider.GetUtcNow() + retryAfter);
        }
    }

    // By this machine's clock the URL has expired. The same URL is tried once more, because the clock may be wrong.
    private async Task<VideoTask> RenewExpiredAsync(VideoTask task, int index, UrlState url,
        CancellationToken cancellationToken)
    {
        OmniTrace.Verbose("The result's URL has expired: the provider is asked for a new one");
        var fresh = await TryRefreshAsync(task, index, cancellationToken) ?? throw SavingErrors.Expired();
        url.RecordRenewal();
        return fresh;
    }

    // The URL is refused before it expires: it may work later, or the provider has another one.
    private async Task<(VideoTask Task, bool IsNewUrl)> RenewRefusedAsync(VideoTask task, int index, UrlState url,
        CancellationToken cancellationToken)
    {
        OmniTrace.Verbose("The result's URL is refused: the provider is asked for a new one");
        VideoTask? fresh;
        try
        {
            fresh = await TryRefreshAsync(task, index, cancellationToken);
        }
        catch (OmniException failure)
            when (failure.Kind is OmniErrorKind.ProviderUnavailable or OmniErrorKind.RateLimited)
        {
            return (task, false);
        }
        if (fresh is not null && fresh.Videos[index].Url != task.Videos[index].Url)
        {
            url.RecordRenewal();
            return (fresh, true);
        }
        fresh ??= task;
        var isLong = url.RefusedFor(retry.TimeProvider) >= SavingConstants.RefusedUntilLost;
        return HasExpired(fresh, index) || (isLong && fresh.Videos[index].ExpiresAt is null)
            ? throw SavingErrors.Expired()
            : (fresh, false);
    }

    private bool HasExpired(VideoTask task, int index) =>
        task.Videos[index].ExpiresAt <= retry.TimeProvider.GetUtcNow();

    // Null: the provider no longer has the task or the video.
    private async Task<VideoTask?> TryRefreshAsync(VideoTask task, int index, CancellationToken cancellationToken)
    {
        try
        {
            var fresh = await refresh(task, cancellationToken);
            return index < fresh.Videos.Count ? fresh : null;
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.NotFound)
        {
            return null;
        }
    }

    private static OmniException Unavailable(ProviderHealthNotice? outage) => SavingErrors.Unreachable(
        string.Create(CultureInfo.InvariantCulture,
        $"{outage?.Name} has been unavailable since {outage?.Since:HH:mm:ss} UTC ({outage?.Reason})"),
        null, outage?.NextAttempt);

    private static string GetHost(VideoTask task, int index) =>
        Uri.TryCreate(task.Videos[index].Url, UriKind.Absolute, out var url) ? url.Authority : "result host";

    /// <summary>What has happened to the URL and the transfer so far.</summary>
    private sealed class UrlState
    {
        private long? refusedSince;
        private bool wasRenewed;
        private bool hasExpired;
        private int slowAttempts;

        public void RecordRenewal() => refusedSince = null;

        /// <summary>Only the first new URL is tried at once: a host may refuse all of them.</summary>
        public bool IsFirstRenewal() => !wasRenewed && (wasRenewed = true);

        /// <summary>An expired URL is tried once: this machine's clock may be ahead of the provider's.</summary>
        public bool IsFirstExpiry() => !hasExpired && (hasExpired = true);

        public TimeSpan RefusedFor(TimeProvider timeProvider) =>
            timeProvider.GetElapsedTime(refusedSince ??= timeProvider.GetTimestamp());

        /// <summary>
        /// Whether an attempt received enough to count as progress. A host that sends a few bytes at a time runs out of
        /// attempts.
        /// </summary>
        public bool CountProgress(long bytes) =>
            bytes >= SavingConstants.ProgressBytes
            || (bytes > 0 && ++slowAttempts < SavingConstants.MaximumSlowAttempts);
    }
}
