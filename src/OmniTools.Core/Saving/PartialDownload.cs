using System.Net.Http.Headers;
using OmniTools.Http;
using OmniTools.Requests;

namespace OmniTools.Saving;

/// <summary>How one exchange with a result host ended, when it did not end in an error.</summary>
internal enum DownloadOutcome
{
    /// <summary>The part is the whole file.</summary>
    Complete,
    /// <summary>The URL is not served any more.</summary>
    Gone,
    /// <summary>What came does not continue the part: begin again.</summary>
    StartOver,
}

/// <summary>One file on its way into a part: what is there is continued, what comes is checked before it is believed.</summary>
internal sealed class PartialDownload(ResultHttpClient host, PartialFile part, string target, PartialDownloadMetadata note, long maximumBytes, TimeProvider timeProvider, Action<long, long?> report) : IAsyncDisposable
{
    private HashingWriter writer = new(part);
    private PartialDownloadMetadata note = note;

    /// <summary>Bytes of the file so far.</summary>
    public long Position => writer.Position;

    /// <summary>Takes what an earlier transfer left, where it can be continued.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) =>
        note.ETag is null || part.Length < SavingConstants.HeadBytes ? StartOverAsync() : writer.ReadBackAsync(part.Length, cancellationToken);

    /// <summary>Forgets what was received.</summary>
    public async Task StartOverAsync()
    {
        await writer.DisposeAsync();
        writer = new(part);
        part.Length = 0;
    }

    /// <summary>The SHA-256 of the whole; afterwards nothing more can come.</summary>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        part.Length = Position;
        var sha256 = await writer.FinishAsync();
        await SavingErrors.GuardAsync(target, () => (note with { Sha256 = sha256 }).WriteAsync(target, timeProvider, cancellationToken));
        return sha256;
    }

    /// <summary>One exchange. Broken connections are thrown as <see cref="IOException"/> or <see cref="HttpRequestException"/>, and can be continued.</summary>
    public async Task<DownloadOutcome> FetchAsync(string url, bool allowLoopback, CancellationToken cancellationToken)
    {
        if (note.Total is { } total && Position == total && total > 0)
            return DownloadOutcome.Complete;
        using var stalled = new CancellationTokenSource(SavingConstants.NoProgressTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            var from = Position > 0 ? Position : (long?)null;
            using var response = await host.GetAsync(url, allowLoopback, from, note.ETag, either.Token);
            var status = (int)response.StatusCode;
            if (status is 401 or 403 or 404 or 410)
                return DownloadOutcome.Gone;
            var range = response.Content.Headers.ContentRange;
            if (status == 416 && from is not null)
                return range?.Length == Position && (note.Total ?? Position) == Position ? DownloadOutcome.Complete : DownloadOutcome.StartOver;
            if (status is not (200 or 206))
                throw new DownloadFailure(status, RetryAfter.Read(response.Headers, timeProvider.GetUtcNow()));
            if (status == 206 && (from is null || !IsContinuation(range)))
                return DownloadOutcome.StartOver;
            CheckType(response.Content.Headers.ContentType?.MediaType);
            if (status == 200 && from is not null)
                await StartOverAsync();
            await CopyAsync(response, status == 206 ? range!.Length : response.Content.Headers.ContentLength, stalled, either.Token);
            return DownloadOutcome.Complete;
        }
        catch (OperationCanceledException) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(FormattableString.Invariant($"nothing came for {SavingConstants.NoProgressTimeout.TotalSeconds:0} s"));
        }
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private bool IsContinuation(ContentRangeHeaderValue? range) =>
        range is { Unit: "bytes", HasRange: true } && range.From == Position && (range.Length is null || (range.To == range.Length - 1 && (note.Total ?? range.Length) == range.Length));

    private async Task CopyAsync(HttpResponseMessage response, long? total, CancellationTokenSource stalled, CancellationToken cancellationToken)
    {
        await CheckSizeAsync(total ?? 0);
        await RememberAsync(response.Headers.ETag, total, cancellationToken);
        // Where it begins: without it the first bytes would count for no rate.
        report(Position, total);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            var buffer = await writer.RentAsync(cancellationToken);
            stalled.CancelAfter(SavingConstants.NoProgressTimeout);
            // The first bytes tell what it is: nothing is written before they are there.
            int read;
            try
            {
                read = Position > 0 ? await body.ReadAsync(buffer, cancellationToken) : await body.ReadAtLeastAsync(buffer, SavingConstants.HeadBytes, throwOnEndOfStream: false, cancellationToken);
            }
            catch
            {
                writer.Return(buffer);
                throw;
            }
            if (Position == 0 && MediaFile.TypeOf(buffer.AsSpan(0, read)) is not ("video/mp4" or "video/quicktime"))
                throw SavingErrors.NotAVideo(read == 0 ? "an empty file" : "a file that does not begin as an MP4 does");
            if (read == 0)
                break;
            await CheckSizeAsync(Position + read);
            SavingErrors.Guard(target, () => writer.Write(buffer, read));
            report(Position, total);
        }
        if (total is { } promised && Position != promised)
            throw new IOException(FormattableString.Invariant($"{Position} of {promised} bytes came"));
    }

    private async Task RememberAsync(EntityTagHeaderValue? etag, long? total, CancellationToken cancellationToken)
    {
        var known = note with { ETag = etag is { IsWeak: false } ? etag.Tag : null, Total = total };
        if (known != note)
            await SavingErrors.GuardAsync(target, () => known.WriteAsync(target, timeProvider, cancellationToken));
        note = known;
    }

    private async Task CheckSizeAsync(long bytes)
    {
        if (bytes <= maximumBytes)
            return;
        await StartOverAsync();
        throw SavingErrors.TooLarge(bytes, maximumBytes);
    }

    private static void CheckType(string? type)
    {
        if (type is not null && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("xml", StringComparison.OrdinalIgnoreCase)))
            throw SavingErrors.NotAVideo(type);
    }
}

/// <summary>A status that is no file, and may be one later.</summary>
internal sealed class DownloadFailure(int status, TimeSpan? retryAfter) : Exception($"HTTP {status}")
{
    public int Status => status;

    public TimeSpan? RetryAfter => retryAfter;
}
