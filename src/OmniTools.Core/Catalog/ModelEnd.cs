using System.Globalization;

namespace OmniTools.Catalog;

/// <summary>A model that was announced to end, on a day that has passed. The provider may still take it.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Model">The model's id.</param>
/// <param name="EndsOn">The announced day.</param>
/// <param name="Successor">The model to use instead; null where none is known.</param>
public sealed record ModelEnd(string Provider, string Model, DateOnly EndsOn, string? Successor)
{
    /// <summary>A sentence for people. Show it once in a session.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"The model '{Model}' of {Provider} was announced to end on {EndsOn:yyyy-MM-dd}.") +
        (Successor is null ? "" : $" Its successor is '{Successor}', whose price may differ.");

    internal static ModelEnd? Find(ProviderSpec provider, ModelSpec model, DateTimeOffset now) =>
        model.EndsOn is { } day && day <= DateOnly.FromDateTime(now.UtcDateTime)
            ? new(provider.Id, model.Id, day, model.Successor) : null;
}
