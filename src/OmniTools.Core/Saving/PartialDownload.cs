using System.Net.Http.Headers;
using OmniTools.Http;
using OmniTools.Requests;

namespace OmniTools.Saving;

/// <summary>How one exchange with a result host ended, when it did not end in an error.</summary>
internal enum DownloadOutcome
{
    /// <summary>The partial file is complete.</summary>
    Complete,
    /// <summary>The URL is not served any more.</summary>
    Gone,
    /// <summary>What came does not continue the part: begin again.</summary>
    StartOver,
}

/// <summary>
/// Downloads one file into its partial file: continues what is there, and checks what arrives before it is written.
/// </summary>
internal sealed class PartialDownload(ResultHttpClient host, PartialFile part, string target,
    PartialDownloadMetadata note, long maximumBytes, TimeProvider timeProvider, Action<long, long?> report)
    : IDisposable
{
    private readonly HashingWriter writer = new(part);
    private PartialDownloadMetadata note = note;

    /// <summary>Bytes of the file so far.</summary>
    public long Position => writer.Position;

    /// <summary>Continues what an earlier transfer left, or begins again where that cannot be continued.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (note.ETag is null || part.Length < SavingConstants.HeadBytes)
            StartOver();
        else
            await writer.ReadBackAsync(part.Length, cancellationToken);
    }

    /// <summary>Forgets what was received.</summary>
    public void StartOver() => writer.Reset();

    /// <summary>Ends the file and returns its SHA-256.</summary>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        var sha256 = writer.Finish();
        await SavingErrors.GuardAsync(target,
            () => (note with { Sha256 = sha256 }).WriteAsync(target, timeProvider, cancellationToken));
        return sha256;
    }

    /// <summary>
    /// One exchange. Broken connections are thrown as <see cref="IOException"/> or <see cref="HttpRequestException"/>,
    /// and can be continued.
    /// </summary>
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
                return range?.Length == Position && (note.Total ?? Position) == Position
                    ? DownloadOutcome.Complete
                    : DownloadOutcome.StartOver;
            if (status is not (200 or 206))
                throw new DownloadFailure(status, RetryAfter.Read(response.Headers, timeProvider.GetUtcNow()));
            if (status == 206 && (from is null || !IsContinuation(range)))
                return DownloadOutcome.StartOver;
            CheckType(response.Content.Headers.ContentType?.MediaType);
            if (status == 200 && from is not null)
                StartOver();
            await CopyAsync(response, status == 206 ? range!.Length : response.Content.Headers.ContentLength, stalled,
                either.Token);
            return DownloadOutcome.Complete;
        }
        catch (OperationCanceledException)
            when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                FormattableString.Invariant($"nothing came for {SavingConstants.NoProgressTimeout.TotalSeconds:0} s"));
        }
    }

    public void Dispose() => writer.Dispose();

    private bool IsContinuation(ContentRangeHeaderValue? range) =>
        range is { Unit: "bytes", HasRange: true } && range.From == Position
        && (range.Length is null || (range.To == range.Length - 1 && (note.Total ?? range.Length) == range.Length));

    private async Task CopyAsync(HttpResponseMessage response, long? total, CancellationTokenSource stalled,
        CancellationToken cancellationToken)
    {
        CheckSize(total ?? 0);
        await RecordMetadataAsync(response.Headers.ETag, total, cancellationToken);
        // Where it begins: without it the first bytes would count for no rate.
        report(Position, total);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            stalled.CancelAfter(SavingConstants.NoProgressTimeout);
            // The first bytes show what the file is: nothing is written before they have arrived.
            var minimum = Position > 0 ? 1 : SavingConstants.HeadBytes;
            var read = await body.ReadAtLeastAsync(
                writer.Buffer, minimum, throwOnEndOfStream: false, cancellationToken);
            if (Position == 0
                && MediaFile.TypeOf(writer.Buffer.AsSpan(0, read)) is not ("video/mp4" or "video/quicktime"))
                throw SavingErrors.NotAVideo(read == 0 ? "an empty file" : "a file that does not begin as an MP4 does");
            if (read == 0)
                break;
            CheckSize(Position + read);
            SavingErrors.Guard(target, () => writer.Write(read));
            report(Position, total);
        }
        if (total is { } promised && Position != promised)
            throw new IOException(FormattableString.Invariant($"{Position} of {promised} bytes came"));
    }

    private async Task RecordMetadataAsync(EntityTagHeaderValue? etag, long? total, CancellationToken cancellationToken)
    {
        var known = note with { ETag = etag is { IsWeak: false } ? etag.Tag : null, Total = total };
        if (known != note)
            await SavingErrors.GuardAsync(target, () => known.WriteAsync(target, timeProvider, cancellationToken));
        note = known;
    }

    private void CheckSize(long bytes)
    {
        if (bytes <= maximumBytes)
            return;
        StartOver();
        throw SavingErrors.TooLarge(bytes, maximumBytes);
    }

    private static void CheckType(string? type)
    {
        if (type is not null && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("xml", StringComparison.OrdinalIgnoreCase)))
            throw SavingErrors.NotAVideo(type);
    }
}

/// <summary>A status that is no file, and may be one later.</summary>
internal sealed class DownloadFailure(int status, TimeSpan? retryAfter) : Exception($"HTTP {status}")
{
    public int Status => status;

    public TimeSpan? RetryAfter => retryAfter;
}
