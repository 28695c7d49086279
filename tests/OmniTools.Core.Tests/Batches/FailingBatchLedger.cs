using OmniTools.Core.Tests.Ledger;
using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Core.Tests.Batches;

/// <summary>A ledger that, once a few requests have begun, cannot be written for so many attempts.</summary>
internal sealed class FailingBatchLedger(ILedgerStore inner, int failures) : ForwardingLedger(inner), IBatchStore
{
    private const int BeginsBefore = 5;
    private int begins;

    /// <summary>Whether another run takes over the batch while the ledger is away.</summary>
    public bool IsTakenOver { get; init; }

    /// <summary>How many attempts have failed.</summary>
    public int Failures { get; private set; }

    public override IBatchStore Batches => this;

    public override Task<SubmissionLease?> TryBeginAsync(RequestRecord intent, RequestRecord? known,
        Action<LedgerDay> check, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref begins);
        Check();
        return base.TryBeginAsync(intent, known, check, cancellationToken);
    }

    public override Task<RequestRecord?> FindAsync(string reference, string? provider,
        CancellationToken cancellationToken)
    {
        Check();
        return base.FindAsync(reference, provider, cancellationToken);
    }

    Task<IReadOnlyList<string>> IBatchStore.ListAsync(CancellationToken cancellationToken) =>
        Inner.Batches.ListAsync(cancellationToken);

    public Task<IReadOnlyList<RequestRecord>> GetRequestsAsync(string batch, CancellationToken cancellationToken) =>
        Inner.Batches.GetRequestsAsync(batch, cancellationToken);

    public async Task<(BatchLease? Lease, BatchOwner Owner)> TakeAsync(string batch, TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var (lease, owner) = await Inner.Batches.TakeAsync(batch, duration, cancellationToken);
        return (lease is null ? null : new(RenewAsync, () => lease.DisposeAsync().AsTask()), owner);

        async Task<bool> RenewAsync(CancellationToken token)
        {
            Check();
            return !(IsTakenOver && Failures > 0) && await lease.RenewAsync(token);
        }
    }

    public Task<BatchOwner?> FindOwnerAsync(string batch, CancellationToken cancellationToken) =>
        Inner.Batches.FindOwnerAsync(batch, cancellationToken);

    private void Check()
    {
        lock (Inner)
        {
            if (begins < BeginsBefore || Failures >= failures)
                return;
            Failures++;
        }
        throw new OmniException(OmniErrorKind.LedgerUnavailable, "The ledger cannot be used", new()
        { Charged = Charged.No }, new IOException("as the test asked"));
    }
}
