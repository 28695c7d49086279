namespace OmniTools.Storage;

/// <summary>
/// Creates the schema and brings an older one up to date, once, whoever else does so at the same time.
/// </summary>
internal sealed class Migrations(IDatabase database)
{
    /// <summary>The version of the schema that this program knows.</summary>
    public const int CurrentVersion = 2;

    private int minimumVersion;

    /// <summary>What to know about the schema, in sentences for people.</summary>
    public IReadOnlyList<string> Warnings => minimumVersion > CurrentVersion
        ? [$"A newer OmniTools has changed the ledger {database.Location}: update this one before you submit. " +
            "Clips can still be waited for and saved."]
        : [];

    /// <summary>All statements, which create the schema from nothing.</summary>
    public static string AllScripts(string identity) =>
        string.Join("\n", Enumerable.Range(1, CurrentVersion).Select(version => Script(version, identity)));

    /// <summary>The statements that create a version from the one before.</summary>
    public static string Script(int version, string identity)
    {
        using var resource = typeof(Migrations).Assembly.GetManifestResourceStream($"{version:D4}.sql")!;
        return new StreamReader(resource).ReadToEnd().Replace("{identity}", identity, StringComparison.Ordinal);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var version = await ReadAsync(isWrite: false);
        if (version < CurrentVersion)
            version = await ReadAsync(isWrite: true);
        database.HasSchema = version >= CurrentVersion;

        async Task<int> ReadAsync(bool isWrite)
        {
            await using var session = await database.OpenAsync(isWrite, cancellationToken);
            var tables = (await session.QueryAsync(database.CountSchemaTables, row => row.GetInt64(0)))[0];
            var found = tables == 0 ? 0 : await ReadVersionAsync(session);
            // Under the lock, so that programs that start at the same time do not both create it.
            for (; isWrite && found < CurrentVersion; found++)
                await session.ExecuteAsync(Script(found + 1, database.Identity));
            if (isWrite)
                await ReadVersionAsync(session);
            await session.CommitAsync();
            return found;
        }
    }

    /// <summary>Refuses to buy where a newer program counts differently.</summary>
    public void CheckMayBuy()
    {
        if (minimumVersion > CurrentVersion)
            throw LedgerErrors.TooOld(database.Location, minimumVersion);
    }

    private async Task<int> ReadVersionAsync(Session session)
    {
        var (version, minimum) = (await session.QueryAsync("SELECT version, minimum_version FROM omni_schema",
            row => (row.GetInt32(0), row.GetInt32(1))))[0];
        minimumVersion = minimum;
        return version;
    }
}
