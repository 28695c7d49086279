namespace OmniTools.PowerShell.Session;

/// <summary>One cmdlet's hold on a client.</summary>
internal sealed class ClientLease(SharedClient shared) : IDisposable
{
    private SharedClient? shared = shared;

    public OmniClient Client => shared?.Client ?? throw new ObjectDisposedException(nameof(ClientLease));

    public void Dispose() => Interlocked.Exchange(ref shared, null)?.Release();
}
