namespace OmniTools.Storage.Sql;

/// <summary>One step of the schema.</summary>
/// <param name="Sql">Its statements, which every kind of database understands.</param>
/// <param name="IsAdditive">Whether programs that know only the version before can still buy.</param>
internal sealed record Migration(string Sql, bool IsAdditive);

/// <summary>
/// Creates the schema and brings an older one up to date, once, whoever else does so at the same time.
/// </summary>
internal sealed class Migrations(LedgerDatabase database, IReadOnlyList<Migration>? steps = null)
{
    /// <summary>All steps; the number of a step is the version that it makes.</summary>
    public static readonly IReadOnlyList<Migration> All = [new(Read("0001.sql"), IsAdditive: true)];

    private readonly IReadOnlyList<Migration> steps = steps ?? All;

    /// <summary>The statements from one version of the schema, 0 for none, to the current one.</summary>
    public string WriteScript(int from = 0) => string.Join("\n", steps.Skip(from).Select((step, i) =>
    {
        var version = from + i + 1;
        var minimum = step.IsAdditive ? "" : $", minimum_version = {version}";
        return $"{step.Sql}\nUPDATE omni_schema SET version = {version}{minimum};\n";
    }));

    /// <summary>
    /// Runs the steps that are missing. Only an upgrade runs one on a shared ledger with which older programs can no
    /// longer buy.
    /// </summary>
    public async Task<LedgerUpgrade> RunAsync(bool isUpgrade, CancellationToken cancellationToken)
    {
        var before = await RunAsync(isWrite: false, isUpgrade, cancellationToken);
        // Under the lock, so that programs that start at the same time do not both create the schema.
        if (before < steps.Count)
            before = await RunAsync(isWrite: true, isUpgrade, cancellationToken);
        database.HasSchema = true;
        return new(database.Location, before, steps.Count);
    }

    /// <summary>
    /// Refuses to buy where a newer program counts differently; it may have changed the ledger since it was opened.
    /// </summary>
    public async Task CheckMayBuyAsync(Session session)
    {
        if ((await ReadVersionAsync(session)).Minimum is var minimum && minimum > steps.Count)
            throw LedgerErrors.TooOld(database, minimum, steps.Count);
    }

    /// <summary>What to know about the schema, in sentences for people.</summary>
    public async Task<IReadOnlyList<string>> GetWarningsAsync(Session session) =>
        (await ReadVersionAsync(session)).Minimum <= steps.Count ? []
        : [$"A newer OmniTools has changed the ledger {database.Location}: update this one before you submit. "
            + "Clips can still be waited for and saved."];

    private async Task<int> RunAsync(bool isWrite, bool isUpgrade, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(isWrite, cancellationToken);
        var tables = await session.QueryAsync(database.FindSchema, row => row.GetString(0));
        var version = tables.Count == 0 ? 0 : (await ReadVersionAsync(session)).Version;
        if (isWrite && version < steps.Count)
        {
            if (version > 0 && database.IsShared && !isUpgrade && steps.Skip(version).Any(step => !step.IsAdditive))
                throw LedgerErrors.NeedsUpgrade(database, version, steps.Count);
            await session.ExecuteAsync(WriteScript(version));
        }
        await session.CommitAsync();
        return version;
    }

    private static async Task<(int Version, int Minimum)> ReadVersionAsync(Session session) =>
        (await session.QueryAsync("SELECT version, minimum_version FROM omni_schema",
            row => (row.GetInt32(0), row.GetInt32(1))))[0];

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
