using OmniTools.Catalog;
using OmniTools.Requests;
using OmniTools.Spending;

namespace OmniTools.Ledger;

/// <summary>A completed clip, and what the provider says it cost.</summary>
/// <param name="Credits">In the provider's credits; null when not known.</param>
/// <param name="Cost">In US dollars; null when not known.</param>
/// <param name="Request">What was sent.</param>
internal sealed record PaidClip(decimal? Credits, decimal? Cost, VideoRequest Request);

/// <summary>Converts what a provider reports to the credits of the limit, of which 10 are one US dollar.</summary>
internal static class PaidPrice
{
    /// <summary>The price; null when the provider reports none that can be true.</summary>
    public static decimal? InCredits(string provider, decimal? credits, decimal? cost) =>
        credits is > 0 and <= LedgerConstants.MaximumCredits ? credits * Money.CreditsPerDollar / RateOf(provider)
        : cost is > 0 and <= LedgerConstants.MaximumCredits / Money.CreditsPerDollar
        ? cost * Money.CreditsPerDollar
        : null;

    /// <summary>
    /// Whether two requests of one model, length and resolution have the same price: the sound and the kinds of inputs
    /// are the same.
    /// </summary>
    public static bool HasSameInputs(VideoRequest one, VideoRequest other) => InputsOf(one) == InputsOf(other);

    private static (bool? Audio, int Images, int Videos, bool First, bool Last, bool Extends, string Options) InputsOf(
        VideoRequest request) =>
        (request.Audio, request.Images.Count, request.Videos.Count, request.FirstFrame is not null,
        request.LastFrame is not null,
            request.ExtendFrom is not null, RequestOptions.ToCanonicalJson(request.Options));

    private static decimal RateOf(string provider) =>
        ModelCatalog.Providers.FirstOrDefault(spec => spec.Id == provider)?.CreditsPerDollar ?? Money.CreditsPerDollar;
}
