using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>Finds the models that can do a request which one of them cannot.</summary>
internal static class Alternatives
{
    /// <summary>How many models a sentence names.</summary>
    private const int MaximumNamed = 6;

    /// <summary>
    /// The next step: the models that can, those of providers with a key first, or <paramref name="otherwise"/>; null
    /// when none can.
    /// </summary>
    public static string? Describe(VideoRequest request, ProviderCatalog catalog,
        IReadOnlyCollection<ProviderSpec> ready, string otherwise)
    {
        var able = Find(request, catalog).ToList();
        var (usable, others) = (able.Where(each => ready.Contains(each.Provider)).ToList(),
            able.Where(each => !ready.Contains(each.Provider)).ToList());
        if (usable.Count > 0)
            return $"Models that can: {Names(usable)}. Choose one (its price may differ), or {otherwise}";
        return others.Count > 0
            ? $"Models that can: {Names(others)}, but {others[0].Provider.Id} has no key: "
                + $"set {others[0].Provider.KeyVariable}, or {otherwise}"
            : null;
    }

    /// <summary>All models that can do a request.</summary>
    public static IEnumerable<(ProviderSpec Provider, ModelSpec Model)> Find(VideoRequest request,
        ProviderCatalog catalog) =>
        from provider in catalog.Providers
        from model in provider.Models
        where RequestCheck.CanDo(request with { Model = null, Provider = null, RequestKey = null }, provider, model.Id)
        select (provider, model);

    private static string Names(List<(ProviderSpec Provider, ModelSpec Model)> models)
    {
        // Each provider's default model first, because people know it best.
        var ordered = models.OrderBy(each => each.Model.Id == each.Provider.DefaultModel ? 0 : 1).ToList();
        var named = ordered.Take(MaximumNamed).GroupBy(each => each.Provider.Id)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(each => each.Model.Id))}");
        var more = ordered.Count - MaximumNamed;
        return string.Join("; ", named) + (more > 0 ? $" and {more} more" : "");
    }
}
