using System.Net.Http.Headers;
using OmniTools.Errors;
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

    /// <summary>One exchange with the result host.</summary>
    /// <exception cref="DownloadFailure">It failed, and can be continued.</exception>
    public async Task<DownloadOutcome> FetchAsync(string url, bool allowLoopback, CancellationToken cancellationToken)
    {
        if (metadata.Total is { } total && Position == total && total > 0)
            return DownloadOutcome.Complete;
        using var stalled = new CancellationTokenSource(SavingConstants.NoProgressTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            var from = Position > 0 ? Position : (long?)null;
            using var response =
                await ReceiveAsync(host.GetAsync(url, allowLoopback, from, metadata.ETag, either.Token));
            var status = (int)response.StatusCode;
            var range = response.Content.Headers.ContentRange;
            switch (status)
            {
                case 401 or 403 or 404 or 410:
                    return DownloadOutcome.Gone;
                case 416 when from is not null:
                    return range?.Length == Position && (metadata.Total ?? Position) == Position
                        ? DownloadOutcome.Complete
                        : DownloadOutcome.StartOver;
                case 206 when from is null || !IsContinuation(range) || IsOtherVersion(response.Headers.ETag):
                    return DownloadOutcome.StartOver;
                case not (200 or 206):
                    throw new DownloadFailure(FormattableString.Invariant($"HTTP {status}"), status,
                        RetryAfter.Read(response.Headers, timeProvider.GetUtcNow()));
            }
            CheckType(response.Content.Headers.ContentType?.MediaType);
            if (status == 200)
                StartOver();
            // A range need not say how long the file is.
            await CopyAsync(response,
                status == 206 ? range!.Length ?? metadata.Total : response.Content.Headers.ContentLength, stalled,
                either.Token);
            return DownloadOutcome.Complete;
        }
        catch (OperationCanceledException)
            when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DownloadFailure(
                FormattableString.Invariant($"nothing came for {SavingConstants.NoProgressTimeout.TotalSeconds:0} s"));
        }
    }

    private bool IsContinuation(ContentRangeHeaderValue? range) =>
        range is { Unit: "bytes", HasRange: true } && range.From == Position
        && (range.Length is null || (range.To == range.Length - 1 && (metadata.Total ?? range.Length) == range.Length));

    // If-Range should have made it 200, but not every host reads that.
    private bool IsOtherVersion(EntityTagHeaderValue? etag) => etag is not null && etag.Tag != metadata.ETag;

    private async Task CopyAsync(HttpResponseMessage response, long? total, CancellationTokenSource stalled,
        CancellationToken cancellationToken)
    {
        CheckSize(total ?? 0);
        var etag = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
        if (metadata.ETag != etag || metadata.Total != total)
            await WriteMetadataAsync(metadata with { ETag = etag, Total = total }, cancellationToken);
        // The first report is where the rate begins.
        report(Position, total);
        await using var body = await ReceiveAsync(response.Content.ReadAsStreamAsync(cancellationToken));
        while (true)
        {
            stalled.CancelAfter(SavingConstants.NoProgressTimeout);
            // The first bytes show the type of the file: nothing is written before they have arrived.
            var minimum = Position > 0 ? 1 : SavingConstants.HeadBytes;
            var read = await ReceiveAsync(
                body.ReadAtLeastAsync(buffer, minimum, throwOnEndOfStream: false, cancellationToken).AsTask());
            if (Position == 0 && MediaType.Detect(buffer.AsSpan(0, read)) is not ("video/mp4" or "video/quicktime"))
                throw SavingErrors.NotAVideo(read == 0 ? "an empty file" : "a file that does not begin as an MP4 does");
            if (read == 0)
                break;
            CheckSize(Position + read);
            part.Append(buffer.AsSpan(0, read));
            report(Position, total);
        }
        if (total is { } promised && Position != promised)
            throw new DownloadFailure(FormattableString.Invariant($"{Position} of {promised} bytes came"));
    }

    private async Task WriteMetadataAsync(PartialDownloadMetadata changed, CancellationToken cancellationToken)
    {
        await changed.WriteAsync(target, timeProvider, cancellationToken);
        metadata = changed;
    }

    // A connection that breaks is no failure to write the file, though both are thrown as IOException.
    private static async Task<T> ReceiveAsync<T>(Task<T> receiving)
    {
        try
        {
            return await receiving;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            var cause = failure.GetBaseException();
            throw cause as OmniException ?? (Exception)new DownloadFailure(
                ProviderText.Clean(cause.Message) ?? failure.GetType().Name);
        }
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

/// <summary>A connection that broke, or an HTTP status that is not a file.</summary>
internal sealed class DownloadFailure(string reason, int? status = null, TimeSpan? retryAfter = null)
    : Exception(reason)
{
    /// <summary>Null: the connection broke.</summary>
    public int? Status => status;

    public TimeSpan? RetryAfter => retryAfter;
}
