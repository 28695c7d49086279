using System.Globalization;
using System.IO.Enumeration;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools;

/// <summary>Lists the models that can make a clip as the query describes it, by all their rules.</summary>
internal static class ModelList
{
    private const string SampleImage = "https://example.com/image.png";
    private const string SampleVideo = "https://example.com/video.mp4";

    public static IReadOnlyList<ModelInfo> List(ModelQuery query, OmniSettings settings, DateTimeOffset now)
    {
        if (query.Can.FirstOrDefault(
            word => !ModelCapability.All.Contains(word, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw UnknownCapability(unknown);
        var catalog = settings.Catalog;
        var providers = query.Provider is { } id ? [catalog.GetProvider(id)] : catalog.Providers;
        return [.. from provider in providers
                   from model in provider.Models
                   where IsNamed(model, query.Model)
                   let can = model.Capabilities
                   where query.Can.All(word => can.Contains(word, StringComparer.OrdinalIgnoreCase))
                   let check = TryCheck(query, provider, model)
                   where check is not null
                   select ToInfo(check, provider, settings, now)];
    }

    /// <summary>Compares the models that a provider offers now with the catalog.</summary>
    public static OnlineModels Compare(ProviderSpec provider, IReadOnlyList<string> online) =>
        new(provider.Id, online, [.. online.Where(id => provider.FindModel(id) is null)],
            [.. provider.Models.Where(model => !IsOnline(model, online)).Select(model => model.Id)]);

    /// <summary>The announced end of a model, where it has passed.</summary>
    public static ModelEnd? FindEnd(ProviderCatalog catalog, string provider, string? model, DateTimeOffset now) =>
        catalog.Providers.FirstOrDefault(spec => spec.Id == provider) is { } owner && model is not null
        && owner.FindModel(model) is { } found ? ModelEnd.Find(owner, found, now) : null;

    private static bool IsOnline(ModelSpec model, IReadOnlyList<string> online) =>
        model.Aliases.Append(model.Id).Any(name => online.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static ModelInfo ToInfo(CheckedRequest check, ProviderSpec provider, OmniSettings settings,
        DateTimeOffset now)
    {
        var usd = PriceEstimate.InDollars(check);
        return new()
        {
            Provider = provider.Id,
            Model = check.Model.Id,
            Spec = check.Model,
            IsDefault = provider.FindModel(settings.GetModel(provider, null))?.Id == check.Model.Id,
            IsReady = settings.ReadyProviders.Contains(provider),
            EstimatedUsd = usd,
            ProviderCredits = usd * provider.CreditsPerDollar,
            PriceRange = DescribePrices(check.Model, provider),
            End = ModelEnd.Find(provider, check.Model, now),
        };
    }

    // The request has what the query wants and what the model always needs.
    private static CheckedRequest? TryCheck(ModelQuery query, ProviderSpec provider, ModelSpec model)
    {
        var request = new VideoRequest
        {
            Prompt = "a cat",
            AspectRatio = query.AspectRatio,
            Duration = query.Duration,
            Images = Wants("images") || model.Required.Contains("images")
                ? [.. Enumerable.Repeat(SampleImage, model.Images?.Counts?.Min() ?? 1)]
                : [],
            FirstFrame = Wants("first_frame") || model.Required.Contains("first_frame") ? SampleImage : null,
            LastFrame = Wants("last_frame") ? SampleImage : null,
            Videos = Wants("video") || model.Required.Contains("videos") ? [SampleVideo] : [],
            Audio = Wants("audio") ? true : null,
            ExtendFrom = Wants("extend") ? "task_1" : null,
            Resolution = Wants("4k") ? "4k" : Wants("1080p") ? "1080p" : null,
        };
        if (Wants("last_frame") && model.FirstFrame is not null)
            request = request with { FirstFrame = SampleImage };
        try
        {
            var check = RequestCheck.Check(request, provider, model.Id);
            // A field that the provider ignores is not one that the clip has.
            return query.AspectRatio is not null && check.Request.AspectRatio is null ? null : check;
        }
        catch (OmniException)
        {
            return null;
        }

        bool Wants(string word) => query.Can.Contains(word, StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsNamed(ModelSpec model, string? name) => string.IsNullOrWhiteSpace(name)
        || model.Aliases.Append(model.Id)
        .Any(each => FileSystemName.MatchesSimpleExpression(name.Trim(), each, ignoreCase: true));

    private static string? DescribePrices(ModelSpec model, ProviderSpec provider)
    {
        if (model.Price is not { Rates.Count: > 0 } price)
            return null;
        var factor = price.Basis == "effective" ? provider.ListPriceFactor : 1;
        var (least, most) = (price.Rates.Min(rate => rate.Usd) * factor, price.Rates.Max(rate => rate.Usd) * factor);
        return string.Create(CultureInfo.InvariantCulture,
            $"${least:0.00##}{(least == most ? "" : $" to ${most:0.00##}")} a {price.Per}");
    }

    private static OmniException UnknownCapability(string word) =>
        new(OmniErrorKind.InvalidRequest, "Models cannot be filtered by this", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "can",
            Received = ProviderText.Clean(word) ?? "an empty text",
            Allowed = string.Join(", ", ModelCapability.All),
        });
}
