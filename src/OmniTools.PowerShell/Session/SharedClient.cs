namespace OmniTools.PowerShell.Session;

/// <summary>
/// A client that cmdlets share. Each holder releases it once; it ends with its last holder. The first is the session,
/// until it needs another client.
/// </summary>
internal sealed class SharedClient(OmniClient client)
{
    private int holders = 1;

    public OmniClient Client => client;

    public SharedClient Share()
    {
        Interlocked.Increment(ref holders);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
            client.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
