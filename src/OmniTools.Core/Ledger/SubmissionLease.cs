namespace OmniTools.Ledger;

/// <summary>The right to send one attempt of a request, until it is disposed.</summary>
/// <param name="request">The attempt as it is stored.</param>
/// <param name="renew">Extends the lease.</param>
/// <param name="lockFile">Tells other processes of this machine that the submission runs; null where the lease does.
/// </param>
internal sealed class SubmissionLease(RequestRecord request, Func<CancellationToken, Task> renew,
    IDisposable? lockFile = null) : IAsyncDisposable
{
    /// <summary>The attempt as it is stored.</summary>
    public RequestRecord Request => request;

    /// <summary>
    /// Extends the lease beyond the end of the POST that follows. Throws <see
    /// cref="Errors.OmniErrorKind.LedgerUnavailable"/> when that cannot be done or the attempt has ended: then nothing
    /// may be sent.
    /// </summary>
    public Task RenewAsync(CancellationToken cancellationToken) => renew(cancellationToken);

    public ValueTask DisposeAsync()
    {
        lockFile?.Dispose();
        return ValueTask.CompletedTask;
    }
}
