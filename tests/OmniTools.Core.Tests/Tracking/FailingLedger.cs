using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Tracking;

/// <summary>A ledger that can be read but, while it fails, not written.</summary>
internal sealed class FailingLedger(ILedgerStore inner) : ILedgerStore
{
    /// <summary>Whether writing fails now.</summary>
    public bool IsFailing { get; set; } = true;

    public string Location => inner.Location;

    public IBatchStore Batches => inner.Batches;

    public Task<ISubmissionLease?> TryBeginAsync(RequestRecord intent, RequestRecord? known, Action<LedgerDay> check, CancellationToken cancellationToken)
    {
        Check();
        return inner.TryBeginAsync(intent, known, check, cancellationToken);
    }

    public Task<RequestRecord?> UpdateAsync(string reference, string provider, string eventKind, Func<RequestRecord, RequestRecord?> change, CancellationToken cancellationToken)
    {
        Check();
        return inner.UpdateAsync(reference, provider, eventKind, change, cancellationToken);
    }

    public Task<RequestRecord> AdoptAsync(string provider, VideoTaskReport report, CancellationToken cancellationToken)
    {
        Check();
        return inner.AdoptAsync(provider, report, cancellationToken);
    }

    public Task RecordFileAsync(VideoTask task, int index, string path, string sha256, long bytes, CancellationToken cancellationToken)
    {
        Check();
        return inner.RecordFileAsync(task, index, path, sha256, bytes, cancellationToken);
    }

    public Task<RequestRecord?> FindAsync(string reference, string? provider, CancellationToken cancellationToken) => inner.FindAsync(reference, provider, cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> FindManyAsync(IReadOnlyCollection<string> references, CancellationToken cancellationToken) => inner.FindManyAsync(references, cancellationToken);

    public Task<VideoTaskPage> ListAsync(VideoTaskQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public Task<LedgerDay> GetDayAsync(string? contentHash, CancellationToken cancellationToken) => inner.GetDayAsync(contentHash, cancellationToken);

    public Task<TimeSpan?> GetAverageDurationAsync(string provider, string? model, CancellationToken cancellationToken) => inner.GetAverageDurationAsync(provider, model, cancellationToken);

    public Task<IReadOnlyList<PaidClip>> GetPaidClipsAsync(string provider, string model, int? duration, string? resolution, CancellationToken cancellationToken) => inner.GetPaidClipsAsync(provider, model, duration, resolution, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Check()
    {
        if (IsFailing)
            throw new OmniException(OmniErrorKind.LedgerUnavailable, "The ledger cannot be written") { Charged = Charged.Unknown };
    }
}
