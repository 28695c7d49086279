using System.Net.Http.Headers;
using OmniTools.Files;
using OmniTools.Http;

namespace OmniTools.Saving;

/// <summary>How one exchange with a result host ended, when it did not end in an error.</summary>
internal enum DownloadOutcome
{
    /// <summary>The partial file is complete.</summary>
    Complete,
    /// <summary>The URL is no longer served.</summary>
    Gone,
    /// <summary>The response does not continue the partial file: start over.</summary>
    StartOver,
}

/// <summary>
/// Downloads one file into its partial file: resumes an earlier download, and checks the bytes before writing them.
/// </summary>
internal sealed class PartialDownload(ResultHttpClient host, PartialFile part, string target,
    PartialDownloadMetadata metadata, long maximumBytes, TimeProvider timeProvider, Action<long, long?> report)
{
    private readonly byte[] buffer = new byte[SavingConstants.BufferBytes];
    private PartialDownloadMetadata metadata = metadata;

    /// <summary>Bytes of the file so far.</summary>
    public long Position => part.Position;

    /// <summary>Continues what an earlier download left, or starts over where that cannot be continued.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (metadata.ETag is null || part.Length < SavingConstants.HeadBytes)
            part.Clear();
        else
            await part.ReadBackAsync(cancellationToken);
    }

    /// <summary>Drops the bytes received so far.</summary>
    public void StartOver() => part.Clear();

    /// <summary>Ends the file and returns its SHA-256.</summary>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        var sha256 = part.Finish();
        await WriteMetadataAsync(metadata with { Sha256 = sha256 }, cancellationToken);
        return sha256;
    }

    /// <summary>
    /// One exchange. Broken connections are thrown as <see cref="IOException"/> or <see cref="HttpRequestException"/>,
    /// and can be continued.
    /// </summary>
    public async Task<DownloadOutcome> FetchAsync(string url, bool allowLoopback, CancellationToken cancellationToken)
    {
        if (metadata.Total is { } total && Position == total && total > 0)
            return DownloadOutcome.Complete;
        using var stalled = new CancellationTokenSource(SavingConstants.NoProgressTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            var from = Position > 0 ? Position : (long?)null;
            using var response = await host.GetAsync(url, allowLoopback, from, metadata.ETag, either.Token);
            var status = (int)response.StatusCode;
            if (status is 401 or 403 or 404 or 410)
                return DownloadOutcome.Gone;
            var range = response.Content.Headers.ContentRange;
            if (status == 416 && from is not null)
                return range?.Length == Position && (metadata.Total ?? Position) == Position
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

    private bool IsContinuation(ContentRangeHeaderValue? range) =>
        range is { Unit: "bytes", HasRange: true } && range.From == Position
        && (range.Length is null || (range.To == range.Length - 1 && (metadata.Total ?? range.Length) == range.Length));

    private async Task CopyAsync(HttpResponseMessage response, long? total, CancellationTokenSource stalled,
        CancellationToken cancellationToken)
    {
        CheckSize(total ?? 0);
        var etag = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
        if (metadata.ETag != etag || metadata.Total != total)
            await WriteMetadataAsync(metadata with { ETag = etag, Total = total }, cancellationToken);
        // The first report is where the rate begins.
        report(Position, total);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            stalled.CancelAfter(SavingConstants.NoProgressTimeout);
            // The first bytes show the type of the file: nothing is written before they have arrived.
            var minimum = Position > 0 ? 1 : SavingConstants.HeadBytes;
            var read = await body.ReadAtLeastAsync(buffer, minimum, throwOnEndOfStream: false, cancellationToken);
            if (Position == 0 && MediaType.Detect(buffer.AsSpan(0, read)) is not ("video/mp4" or "video/quicktime"))
                throw SavingErrors.NotAVideo(read == 0 ? "an empty file" : "a file that does not begin as an MP4 does");
            if (read == 0)
                break;
            CheckSize(Position + read);
            SavingErrors.Guard(target, () => part.Append(buffer.AsSpan(0, read)));
            report(Position, total);
        }
        if (total is { } promised && Position != promised)
            throw new IOException(FormattableString.Invariant($"{Position} of {promised} bytes came"));
    }

    private async Task WriteMetadataAsync(PartialDownloadMetadata changed, CancellationToken cancellationToken)
    {
        await SavingErrors.GuardAsync(target, () => changed.WriteAsync(target, timeProvider, cancellationToken));
        metadata = changed;
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

/// <summary>An HTTP status that is not a file.</summary>
internal sealed class DownloadFailure(int status, TimeSpan? retryAfter) : Exception($"HTTP {status}")
{
    public int Status => status;

    public TimeSpan? RetryAfter => retryAfter;
}
