namespace OmniTools.PowerShell.Session;

/// <summary>
/// A client that cmdlets share; disposed when it has been replaced and the last cmdlet has released it.
/// </summary>
internal sealed class SharedClient(OmniClient client)
{
    private int holders = 1;

    public OmniClient Client => client;

    public ClientLease Lease()
    {
        Interlocked.Increment(ref holders);
        return new(this);
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
            client.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
