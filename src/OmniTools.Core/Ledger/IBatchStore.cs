namespace OmniTools.Ledger;

/// <summary>What a ledger stores of batches: their requests, and which run owns one.</summary>
internal interface IBatchStore
{
    /// <summary>The names of all batches that have a request, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>All requests of a batch, oldest first.</summary>
    Task<IReadOnlyList<RequestRecord>> GetRequestsAsync(string batch, CancellationToken cancellationToken);

    /// <summary>
    /// Makes this process the owner of a batch, unless another one is. An owner that is gone, or has not renewed its
    /// lease in time, is none.
    /// </summary>
    Task<(BatchLease? Lease, BatchOwner Owner)> TakeAsync(string batch, TimeSpan duration,
        CancellationToken cancellationToken);

    /// <summary>The process that owns a batch now; null when none does.</summary>
    Task<BatchOwner?> FindOwnerAsync(string batch, CancellationToken cancellationToken);
}

/// <summary>The process that runs a batch.</summary>
/// <param name="Machine">Its machine.</param>
/// <param name="ProcessId">Its process id there.</param>
/// <param name="StartedAt">When it became the owner, by the ledger's time.</param>
/// <param name="LeaseUntil">When its lease ends unless it is renewed.</param>
internal sealed record BatchOwner(string Machine, int ProcessId, DateTimeOffset StartedAt, DateTimeOffset LeaseUntil);

/// <summary>The right to run a batch, until it is disposed or not renewed in time.</summary>
internal sealed class BatchLease(Func<CancellationToken, Task<bool>> renew, Func<Task> end) : IAsyncDisposable
{
    /// <summary>Renews it for its duration. False: another run owns the batch now.</summary>
    public Task<bool> RenewAsync(CancellationToken cancellationToken) => renew(cancellationToken);

    public async ValueTask DisposeAsync() => await end();
}
