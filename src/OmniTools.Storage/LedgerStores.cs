using OmniTools.Configuration;
using OmniTools.Ledger;
using OmniTools.Storage.Postgres;
using OmniTools.Storage.Sql;
using OmniTools.Storage.Sqlite;

namespace OmniTools.Storage;

/// <summary>Opens the ledger that the settings name.</summary>
public static class LedgerStores
{
    /// <summary>
    /// The PostgreSQL ledger of <see cref="OmniSettings.Ledger"/>, else the file in <see cref="OmniSettings.Home"/>.
    /// Nothing is opened before it is used.
    /// </summary>
    /// <exception cref="Errors.OmniException"><see cref="OmniSettings.Ledger"/> cannot be used.</exception>
    public static ILedgerStore Open(OmniSettings settings, TimeProvider timeProvider) =>
        OpenStore(settings, timeProvider);

    /// <summary>
    /// Brings the ledger that the settings name up to date, also where older programs that share it can no longer buy
    /// afterwards. Once it is done, doing it again changes nothing.
    /// </summary>
    /// <exception cref="Errors.OmniException">The ledger cannot be used.</exception>
    public static async Task<LedgerUpgrade> UpgradeAsync(OmniSettings settings, TimeProvider timeProvider,
        CancellationToken cancellationToken = default)
    {
        await using var store = OpenStore(settings, timeProvider);
        return await store.UpgradeAsync(cancellationToken);
    }

    private static SqlLedgerStore OpenStore(OmniSettings settings, TimeProvider timeProvider) => new(
        settings.Ledger is { } shared && !settings.IsSandbox
            ? new PostgresDatabase(PostgresAddress.Parse(shared.Value))
            : new SqliteDatabase(Path.Combine(settings.Home, "ledger.db"), timeProvider),
        Environment.MachineName, settings.IsSandbox);
}
