namespace OmniTools.Catalog;

/// <summary>Computes the price of a request from the price table.</summary>
internal static class PriceEstimate
{
    /// <summary>
    /// The most that a request can cost in US dollars: the list price, at the longest length where the model decides
    /// it; null when the table has no price for it.
    /// </summary>
    public static decimal? InDollars(CheckedRequest check)
    {
        if (check.Model.Price is not { } price)
            return null;
        var seconds = check.Duration ?? LongestSeconds(check.Model);
        var fitting = price.Rates.Where(rate => Fits(rate, check)).Select(rate => rate.Usd).ToList();
        if (fitting.Count == 0 || (price.Per == "second" && seconds is null))
            return null;
        var amount = fitting.Max() * (price.Per == "second" ? seconds!.Value : 1);
        return amount * (price.Basis == "effective" ? check.Provider.ListPriceFactor : 1);
    }

    /// <summary>The longest clip that a model makes, in seconds; null where it is not known.</summary>
    public static int? LongestSeconds(ModelSpec model) =>
        model.Price?.LongestSeconds ?? (int?)(model.Duration?.Values?.Max() ?? model.Duration?.Max);

    // A value that is not known of the request fits every rate.
    private static bool Fits(PriceRate rate, CheckedRequest check)
    {
        var request = check.Request;
        var hasImage = request.Images.Count > 0 || request.FirstFrame is not null || request.LastFrame is not null;
        return (rate.Resolution is null || check.Resolution is null
            || rate.Resolution.Equals(check.Resolution, StringComparison.OrdinalIgnoreCase))
            && (rate.Audio is null || check.Audio is null || rate.Audio == check.Audio)
            && (rate.Video is null || rate.Video == (request.Videos.Count > 0))
            && (rate.Image is null || rate.Image == hasImage)
            && (rate.Seconds is null || check.Duration is null || rate.Seconds == check.Duration);
    }
}
