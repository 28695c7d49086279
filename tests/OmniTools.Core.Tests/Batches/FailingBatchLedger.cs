using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Batches;

/// <summary>A ledger that, once a few requests have begun, cannot be written for so many attempts.</summary>
internal sealed class FailingBatchLedger(ILedgerStore inner, int failures) : ILedgerStore, IBatchStore
{
    private const int BeginsBefore = 5;
    private int begins;

    /// <summary>How many attempts have failed.</summary>
    public int Failures { get; private set; }

    public string Location => inner.Location;

    public IBatchStore Batches => this;

    public Task<ISubmissionLease?> TryBeginAsync(RequestRecord intent, RequestRecord? known, Action<LedgerDay> check, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref begins);
        Check();
        return inner.TryBeginAsync(intent, known, check, cancellationToken);
    }

    public Task<RequestRecord?> UpdateAsync(string reference, string provider, string eventKind, Func<RequestRecord, RequestRecord?> change, CancellationToken cancellationToken) =>
        inner.UpdateAsync(reference, provider, eventKind, change, cancellationToken);

    public Task<RequestRecord> AdoptAsync(string provider, VideoTaskReport report, CancellationToken cancellationToken) => inner.AdoptAsync(provider, report, cancellationToken);

    public Task RecordFileAsync(VideoTask task, int index, string path, string sha256, long bytes, CancellationToken cancellationToken) =>
        inner.RecordFileAsync(task, index, path, sha256, bytes, cancellationToken);

    public Task<RequestRecord?> FindAsync(string reference, string? provider, CancellationToken cancellationToken)
    {
        Check();
        return inner.FindAsync(reference, provider, cancellationToken);
    }

    public Task<IReadOnlyList<RequestRecord>> FindManyAsync(IReadOnlyCollection<string> references, CancellationToken cancellationToken) => inner.FindManyAsync(references, cancellationToken);

    public Task<VideoTaskPage> ListAsync(VideoTaskQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public Task<LedgerDay> GetDayAsync(string? contentHash, CancellationToken cancellationToken) => inner.GetDayAsync(contentHash, cancellationToken);

    public Task<TimeSpan?> GetAverageDurationAsync(string provider, string? model, CancellationToken cancellationToken) => inner.GetAverageDurationAsync(provider, model, cancellationToken);

    public Task<IReadOnlyList<PaidClip>> GetPaidClipsAsync(string provider, string model, int? duration, string? resolution, CancellationToken cancellationToken) =>
        inner.GetPaidClipsAsync(provider, model, duration, resolution, cancellationToken);

    Task<IReadOnlyList<string>> IBatchStore.ListAsync(CancellationToken cancellationToken) => inner.Batches.ListAsync(cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> GetRequestsAsync(string batch, CancellationToken cancellationToken) => inner.Batches.GetRequestsAsync(batch, cancellationToken);

    public async Task<(IBatchLease? Lease, BatchOwner Owner)> TakeAsync(string batch, TimeSpan duration, CancellationToken cancellationToken)
    {
        var (lease, owner) = await inner.Batches.TakeAsync(batch, duration, cancellationToken);
        return (lease is null ? null : new Lease(this, lease), owner);
    }

    public Task<BatchOwner?> FindOwnerAsync(string batch, CancellationToken cancellationToken) => inner.Batches.FindOwnerAsync(batch, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Check()
    {
        lock (inner)
        {
            if (begins < BeginsBefore || Failures >= failures)
                return;
            Failures++;
        }
        throw new OmniException(OmniErrorKind.LedgerUnavailable, "The ledger cannot be used", new IOException("as the test asked")) { Charged = Charged.No };
    }

    private sealed class Lease(FailingBatchLedger ledger, IBatchLease inner) : IBatchLease
    {
        public Task<bool> RenewAsync(CancellationToken cancellationToken)
        {
            ledger.Check();
            return inner.RenewAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
