namespace OmniTools.Testing;

/// <summary>One PostgreSQL server for all tests of an assembly, started by the first that needs it.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    public Lazy<Task<PostgresServer>> Server { get; } = new(PostgresServer.StartAsync);

    public async ValueTask DisposeAsync()
    {
        if (Server.IsValueCreated)
            await (await Server.Value).DisposeAsync();
    }
}
