using OmniTools.Catalog;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Spending;

/// <summary>What clips cost, in credits of the limit, of which 10 are one US dollar.</summary>
internal static class PaidPrice
{
    /// <summary>No clip costs more credits: a figure beyond is a mistake and is neither learned nor counted.</summary>
    private const decimal MaximumCredits = 1_000_000;

    /// <summary>What a provider reports; null when it reports no price that can be true.</summary>
    public static decimal? InCredits(string provider, decimal? credits, decimal? cost) =>
        credits is > 0 and <= MaximumCredits ? credits * Money.CreditsPerDollar / RateOf(provider)
        : cost is > 0 and <= MaximumCredits / Money.CreditsPerDollar ? cost * Money.CreditsPerDollar
        : null;

    /// <summary>
    /// What a purchase counts: the price that the provider reports, else the estimate; null when neither is known.
    /// </summary>
    public static decimal? GetPrice(this CountedRequest request) =>
        InCredits(request.Provider, request.Credits, request.Cost)
        // A failed clip that cost nothing has a known price.
        ?? (request is { Credits: 0, Status: VideoTaskStatus.Failed } ? 0
        : request.Estimate is >= 0 and <= MaximumCredits ? request.Estimate : null);

    /// <summary>What a day's purchases count; a clip of unknown price counts as zero.</summary>
    public static decimal GetCredits(this LedgerDay day) => day.Requests.Sum(GetPrice) ?? 0;

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
