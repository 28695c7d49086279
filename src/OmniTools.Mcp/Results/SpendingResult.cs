using System.Text.Json.Serialization;
using OmniTools.Spending;

namespace OmniTools.Mcp.Results;

/// <summary>What was bought today, against the limits.</summary>
internal sealed record SpendingResult(
    int Videos, decimal Credits, decimal Usd, int? UnknownPrices, int? MaxVideos, decimal? MaxCredits, decimal? MaxUsd,
    DateTimeOffset ResetsAt)
{
    [JsonIgnore]
    public bool IsSandbox { get; init; }

    public static SpendingResult From(SpendReport report) => new(
        report.Videos, report.Credits, report.Usd, report.UnknownPrices == 0 ? null : report.UnknownPrices,
        report.MaxVideos, report.MaxCredits, report.MaxUsd, report.ResetsAt)
    {
        IsSandbox = report.IsSandbox,
    };

    /// <summary>
    /// All of it with units: <c>Today (UTC): 3 clips (limit 8), 20 credits, about $2.00 (no limit), 1 of unknown
    /// price.</c>
    /// </summary>
    public string Sentence =>
        $"Today (UTC){(IsSandbox ? ", in the sandbox" : "")}: {Count(Videos)} "
        + $"({Limit(MaxVideos is { } most ? $"{most}" : null)}), {Spent} ({Limit(MoneyLimit)}); "
        + $"resets {ResetsAt:HH:mm} UTC.";

    private string? MoneyLimit => (MaxCredits, MaxUsd) switch
    {
        ({ } credits, { } dollars) => $"{Money.FormatCredits(credits)}; {FormatDollars(dollars)}",
        ({ } credits, null) => Money.FormatCredits(credits),
        (null, { } dollars) => FormatDollars(dollars),
        _ => null,
    };

    private static string FormatDollars(decimal dollars) => Money.Dollars(dollars * Money.CreditsPerDollar);

    private string Spent => UnknownPrices is not { } unknown ? Money.FormatCredits(Credits)
        : (Credits > 0 ? Money.FormatCredits(Credits) + " and " : "") + $"{Count(unknown)} of unknown price";

    private static string Limit(string? limit) => limit is null ? "no limit" : "limit " + limit;

    private static string Count(int clips) =>
        $"{clips} {(clips == 1 ? "clip" : "clips")}";
}
