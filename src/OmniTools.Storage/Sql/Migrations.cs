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
    private int minimumVersion;

    /// <summary>Whether a shared ledger may be changed so that older programs can no longer buy.</summary>
    public bool IsUpgrade { get; set; }

    /// <summary>The version that the ledger had when it was opened; 0: it was new.</summary>
    public int VersionBefore { get; private set; }

    /// <summary>The version of the schema that this program knows.</summary>
    public int CurrentVersion => steps.Count;

    /// <summary>What to know about the schema, in sentences for people.</summary>
    public IReadOnlyList<string> Warnings => minimumVersion > CurrentVersion
        ? [$"A newer OmniTools has changed the ledger {database.Location}: update this one before you submit. " +
            "Clips can still be waited for and saved."]
        : [];

    /// <summary>The statements from one version of the schema, 0 for none, to the current one.</summary>
    public string WriteScript(int from = 0) => string.Join("\n", steps.Skip(from).Select((step, i) =>
    {
        var version = from + i + 1;
        var minimum = step.IsAdditive ? "" : $", minimum_version = {version}";
        return $"{step.Sql}\nUPDATE omni_schema SET version = {version}{minimum};\n";
    }));

    /// <summary>Runs what is missing; what needs <see cref="IsUpgrade"/> and has not got it is refused.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        VersionBefore = await RunAsync(isWrite: false, cancellationToken);
        if (VersionBefore < CurrentVersion)
            VersionBefore = await RunAsync(isWrite: true, cancellationToken);
        database.HasSchema = true;
    }

    /// <summary>
    /// Refuses to buy where a newer program counts differently; it may have changed the ledger since it was opened.
    /// </summary>
    public async Task CheckMayBuyAsync(Session session)
    {
        await ReadVersionAsync(session);
        if (minimumVersion > CurrentVersion)
            throw LedgerErrors.TooOld(database, minimumVersion, CurrentVersion);
    }

    // Written under the lock, so that programs that start at the same time do not both create the schema.
    private async Task<int> RunAsync(bool isWrite, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(isWrite, cancellationToken);
        var tables = await session.QueryAsync(database.FindSchema, row => row.GetString(0));
        var version = tables.Count == 0 ? 0 : await ReadVersionAsync(session);
        if (isWrite && version < CurrentVersion)
        {
            if (version > 0 && database.IsShared && !IsUpgrade && steps.Skip(version).Any(step => !step.IsAdditive))
                throw LedgerErrors.NeedsUpgrade(database, version, CurrentVersion);
            await session.ExecuteAsync(WriteScript(version));
            await ReadVersionAsync(session);
        }
        await session.CommitAsync();
        return version;
    }

    private async Task<int> ReadVersionAsync(Session session)
    {
        var (version, minimum) = (await session.QueryAsync("SELECT version, minimum_version FROM omni_schema",
            row => new SchemaVersion(row.GetInt32(0), row.GetInt32(1))))[0];
        minimumVersion = minimum;
        return version;
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private sealed record SchemaVersion(int Version, int Minimum);
}
