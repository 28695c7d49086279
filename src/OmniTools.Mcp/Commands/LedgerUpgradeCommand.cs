using OmniTools.Configuration;
using OmniTools.Storage;
using OmniTools.Storage.Sql;

namespace OmniTools.Mcp.Commands;

/// <summary>
/// Brings the ledger up to date, also where older programs that share it can no longer buy afterwards: a shared ledger
/// is changed like that by this command only.
/// </summary>
internal static class LedgerUpgradeCommand
{
    public static async Task<int> RunAsync()
    {
        try
        {
            var upgrade = await LedgerStores.UpgradeAsync(OmniSettings.FromEnvironment(), TimeProvider.System);
            await Console.Out.WriteLineAsync($"Ledger: {upgrade.Location}\n{Describe(upgrade)}");
            return upgrade.Before > upgrade.Wanted ? 1 : 0;
        }
        catch (OmniException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private static string Describe(LedgerUpgrade upgrade) => upgrade switch
    {
        { Before: 0 } => $"It was made new, with version {upgrade.Wanted}.",
        var (_, before, wanted) when before < wanted =>
            $"Upgraded from version {before} to version {wanted}. If other machines share it, update OmniTools there. "
            + "An OmniTools that is too old buys nothing and says so.",
        var (_, before, wanted) when before > wanted =>
            $"It has version {before}, and this OmniTools knows version {wanted}. Nothing was changed: "
            + "update OmniTools.",
        _ => $"It has version {upgrade.Before}, the one that this OmniTools needs. Nothing was changed.",
    };
}
