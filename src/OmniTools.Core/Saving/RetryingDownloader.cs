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
internal sealed class RetryingDownloader(PartialDownload download, VideoTask task, int index, bool allowLoopback,
    Retry retry, Func<VideoTask, CancellationToken, Task<VideoTask>> refresh)
{
    private VideoTask task = task;
    private long? refusedSince;
    private bool wasExpired;
    private bool wasRenewed;
    private int slowAttempts;

    private VideoResult Video => task.Videos[index];

    /// <summary>Downloads the video. Returns the task, which is newer if its URL had to be renewed.</summary>
    public async Task<VideoTask> RunAsync(CancellationToken cancellationToken)
    {
        await download.PrepareAsync(cancellationToken);
        var host = Uri.TryCreate(Video.Url, UriKind.Absolute, out var url) ? url.Authority : "result host";
        var attempts = retry.Begin(host, host, CallKind.Download);
        while (true)
        {
            // An expired URL is tried once, because this machine's clock may be ahead of the provider's.
            if (HasExpired && !wasExpired)
                await RenewExpiredAsync(cancellationToken);
            using var permit = await attempts.EnterAsync(cancellationToken) ?? throw Unavailable(attempts.Outage);
            var before = download.Position;
            string reason;
            TimeSpan? retryAfter = null;
            try
            {
                var outcome = await download.FetchAsync(Video.Url, allowLoopback, cancellationToken);
                permit.RecordSuccess();
                if (outcome == DownloadOutcome.Complete)
                    return task;
                if (outcome == DownloadOutcome.Gone)
                {
                    reason = "the result host refuses the URL";
                    // Only the first new URL is tried at once: a host may refuse all of them.
                    if (await RenewRefusedAsync(cancellationToken) && !wasRenewed)
                    {
                        wasRenewed = true;
                        continue;
                    }
                }
                else
                {
                    reason = "the answer does not continue what was received";
                    download.StartOver();
                }
            }
            catch (DownloadFailure failure)
            {
                (reason, retryAfter) = (failure.Message, failure.RetryAfter);
                if (failure.Status is { } status && !Retry.IsTransient(status))
                    throw SavingErrors.Unreachable(reason, failure, null);
                permit.RecordFailure(failure.Status is 429 or 503, retryAfter, reason);
            }
            if (IsProgress(download.Position - before))
                attempts.RecordProgress();
            if (!await attempts.WaitAsync(retryAfter, reason, cancellationToken))
                throw SavingErrors.Unreachable(reason, null, retry.TimeProvider.GetUtcNow() + retryAfter);
        }
    }

    private async Task RenewExpiredAsync(CancellationToken cancellationToken)
    {
        OmniTrace.Verbose("The result's URL has expired: the provider is asked for a new one");
        task = await TryRefreshAsync(cancellationToken) ?? throw SavingErrors.Expired();
        (wasExpired, refusedSince) = (true, null);
    }

    // Whether the provider has another URL. A URL that is refused before it expires may work later.
    private async Task<bool> RenewRefusedAsync(CancellationToken cancellationToken)
    {
        OmniTrace.Verbose("The result's URL is refused: the provider is asked for a new one");
        var oldUrl = Video.Url;
        try
        {
            task = await TryRefreshAsync(cancellationToken) ?? task;
        }
        catch (OmniException failure)
            when (failure.Kind is OmniErrorKind.ProviderUnavailable or OmniErrorKind.RateLimited)
        {
            return false;
        }
        if (Video.Url != oldUrl)
        {
            refusedSince = null;
            return true;
        }
        refusedSince ??= retry.TimeProvider.GetTimestamp();
        var isLong = retry.TimeProvider.GetElapsedTime(refusedSince.Value) >= SavingConstants.RefusedUntilLost;
        return HasExpired || (isLong && Video.ExpiresAt is null) ? throw SavingErrors.Expired() : false;
    }

    private bool HasExpired => Video.ExpiresAt <= retry.TimeProvider.GetUtcNow();

    // Null: the provider no longer has the task or the video.
    private async Task<VideoTask?> TryRefreshAsync(CancellationToken cancellationToken)
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

    // A host that sends a few bytes at a time runs out of attempts.
    private bool IsProgress(long bytes) => bytes >= SavingConstants.ProgressBytes
        || (bytes > 0 && ++slowAttempts < SavingConstants.MaximumSlowAttempts);

    private static OmniException Unavailable(ProviderHealthNotice? outage) => SavingErrors.Unreachable(
        string.Create(CultureInfo.InvariantCulture,
            $"{outage?.Name} has been unavailable since {outage?.Since:HH:mm:ss} UTC ({outage?.Reason})"),
        null, outage?.NextAttempt);
}
