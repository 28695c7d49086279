using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Providers;

namespace OmniTools.Spending;

/// <summary>
/// Amounts of money in words, always with their unit. Credits are those of the credits limit: 10 are one US dollar.
/// </summary>
internal static class Money
{
    /// <summary>Credits for one US dollar, by APIMart's price page.</summary>
    public const decimal CreditsPerDollar = 10;

    /// <summary><c>422.5 credits, about $42.25</c>.</summary>
    public static string FormatCredits(decimal credits) => Format(credits, CreditsPerDollar);

    /// <summary><c>$1.00</c>; less than a cent is not rounded away.</summary>
    public static string Dollars(decimal credits) =>
        string.Create(CultureInfo.InvariantCulture, $"${credits / CreditsPerDollar:0.00##}");

    /// <summary>
    /// <c>at most $1.00 (200 credits)</c>, in the provider's own credits, or <c>unknown price</c>.
    /// </summary>
    public static string Price(decimal? credits, ProviderSpec provider) => credits is not { } known ? "unknown price"
        : $"at most {Dollars(known)}" + (provider.CreditsPerDollar is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $" ({known / CreditsPerDollar * rate:0.##} credits)") : "");

    /// <summary>A balance with its unit, where the provider states one; a unit is never guessed.</summary>
    public static string FormatBalance(Balance balance, ProviderSpec provider) => balance switch
    {
        { IsUnlimited: true } => "unlimited",
        { Credits: { } credits } when provider.CreditsPerDollar is { } rate => Format(credits, rate),
        { Credits: { } credits } => string.Create(CultureInfo.InvariantCulture, $"{credits:0.##} credits"),
        { Remaining: { } dollars } when provider is { IsBalanceInDollars: true, CreditsPerDollar: { } rate } =>
            Format(dollars * rate, rate),
        { Remaining: { } amount } => string.Create(CultureInfo.InvariantCulture,
            $"{amount:0.##} (the provider states no unit)"),
        _ => "not reported",
    };

    /// <summary>What is left in credits of the credits limit; null when it is not known.</summary>
    public static decimal? GetRemainingCredits(Balance balance, ProviderSpec provider) => balance switch
    {
        { IsUnlimited: true } => null,
        { Credits: { } credits } when provider.CreditsPerDollar is { } rate => credits / rate * CreditsPerDollar,
        { Remaining: { } dollars } when provider.IsBalanceInDollars => dollars * CreditsPerDollar,
        _ => null,
    };

    private static string Format(decimal credits, decimal rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{credits:0.##} credits, about ${credits / rate:0.00}");
}
