using OmniTools.Ledger;

namespace OmniTools.Storage.Sql;

/// <summary>Holds the lock file, where there is one, and renews the lease, where there is one.</summary>
internal sealed class SubmissionLease(
    RequestRecord request, IDisposable? lockFile, Func<CancellationToken, Task>? renew) : ISubmissionLease
{
    public RequestRecord Request => request;

    public Task RenewAsync(CancellationToken cancellationToken) =>
        renew?.Invoke(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        lockFile?.Dispose();
        return ValueTask.CompletedTask;
    }
}
