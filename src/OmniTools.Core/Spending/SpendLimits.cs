using System.Globalization;
using OmniTools.Configuration;
using OmniTools.Errors;

namespace OmniTools.Spending;

/// <summary>
/// The user's limits for one UTC day. Checked under the ledger's lock, so that two processes cannot both buy the last
/// clip.
/// </summary>
internal sealed record SpendLimits(int? Videos, decimal? Credits, bool IsSandbox = false)
{
    public const string VideosVariable = "OMNI_MAX_VIDEOS_PER_DAY";

    public const string CreditsVariable = "OMNI_MAX_CREDITS_PER_DAY";

    public const string DollarsVariable = "OMNI_MAX_USD_PER_DAY";

    /// <summary>US dollars; null: no limit.</summary>
    public decimal? Dollars { get; init; }

    /// <summary>Reads the limits; a value that is no number stops buying rather than lifting the limit.</summary>
    public static SpendLimits FromSettings(OmniSettings settings) => new(
        settings.MaxVideosPerDay is { } videos
            ? int.TryParse(videos, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw CreateNoNumberError(VideosVariable, videos, "a whole number, 0 or more")
            : null,
        ReadAmount(CreditsVariable, settings.MaxCreditsPerDay),
        settings.IsSandbox)
    {
        Dollars = ReadAmount(DollarsVariable, settings.MaxUsdPerDay),
    };

    /// <summary>
    /// Refuses the next clip where it would pass a limit, or where its price is not known and credits or dollars are
    /// limited.
    /// </summary>
    public void Check((int Videos, decimal Credits) used, decimal? estimate, DateTimeOffset now)
    {
        if (used.Videos >= Videos)
            throw CreateReachedError(VideosVariable,
                string.Create(CultureInfo.InvariantCulture,
                $"{used.Videos} of {Videos} {(Videos == 1 ? "clip was" : "clips were")} bought today{Where}"),
                Videos == 0 ? null : GetNextMidnight(now));
        if (Credits is { } credits && used.Credits + KnownPrice(CreditsVariable, credits) > credits)
            throw CreateReachedError(CreditsVariable,
                string.Create(CultureInfo.InvariantCulture,
                $"{used.Credits:0.##} of {credits:0.##} credits were used today{Where} and this clip is estimated "
                + $"at {Money.FormatCredits(estimate!.Value)}"), estimate > credits ? null : GetNextMidnight(now));
        if (Dollars is { } dollars
            && (used.Credits + KnownPrice(DollarsVariable, dollars)) / Money.CreditsPerDollar > dollars)
            throw CreateReachedError(DollarsVariable,
                string.Create(CultureInfo.InvariantCulture,
                $"{Money.Dollars(used.Credits)} of ${dollars:0.00} were used today{Where} and this clip is estimated "
                + $"at {Money.Dollars(estimate!.Value)}"),
                estimate / Money.CreditsPerDollar > dollars ? null : GetNextMidnight(now));

        decimal KnownPrice(string variable, decimal most) => estimate ?? throw UnknownPrice(variable, most);
    }

    /// <summary>What was used, against the limits.</summary>
    public SpendReport CreateReport((int Videos, decimal Credits) used, DateTimeOffset now, int unknownPrices = 0) =>
        new()
        {
            Videos = used.Videos,
            Credits = used.Credits,
            UnknownPrices = unknownPrices,
            MaxVideos = Videos,
            MaxCredits = Credits,
            MaxUsd = Dollars,
            IsSandbox = IsSandbox,
            ResetsAt = GetNextMidnight(now),
        };

    private string Where => IsSandbox ? " in the sandbox" : "";

    private static decimal? ReadAmount(string variable, string? value) =>
        value is null ? null
        : decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount
        : throw CreateNoNumberError(variable, value, "a number, 0 or more, with a point for decimals");

    private static OmniException UnknownPrice(string variable, decimal most) =>
        new(OmniErrorKind.LimitReached, $"The price of this clip is not known, and {variable} is set", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = variable,
            Received = most.ToString(CultureInfo.InvariantCulture),
            NextStep = "Name a model whose price is known, add the price to your own models (OMNI_CATALOG), or set "
                + $"{VideosVariable} instead of {variable}: clips can be counted where prices are not known",
        });

    // No time: the limit allows no clip, or not this one, on any day.
    private static OmniException CreateReachedError(string variable, string what, DateTimeOffset? resetsAt) =>
        new(OmniErrorKind.LimitReached, $"The limit {variable} is reached: {what}", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = variable,
            RetryAt = resetsAt,
            NextStep = (resetsAt is { } time
                ? FormattableString.Invariant($"Wait until {time:yyyy-MM-dd HH:mm} UTC, or raise the limit")
                : $"Raise the limit {variable}{(variable == VideosVariable ? "" : " or choose a cheaper clip")}")
                + "; do not work around it without asking the person who set it",
        });

    private static DateTimeOffset GetNextMidnight(DateTimeOffset now) =>
        new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private static OmniException CreateNoNumberError(string variable, string value, string allowed) =>
        new(OmniErrorKind.InvalidConfiguration, $"{variable} cannot be read, so nothing is bought", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = variable,
            Received = ProviderText.Clean(value),
            Allowed = allowed,
            NextStep = $"Correct or remove {variable}",
        });
}
