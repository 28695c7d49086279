using OmniTools.Errors;

namespace OmniTools.Catalog;

/// <summary>Makes the errors of one check.</summary>
internal sealed class Refusals(ProviderSpec provider, ModelSpec rules, string model,
    Func<string, string?>? alternatives)
{
    /// <summary>The longest part of a given value that an error repeats.</summary>
    private const int MaximumEcho = 200;

    /// <summary>The provider that is asked.</summary>
    public ProviderSpec Provider => provider;

    /// <summary>The rules that are checked.</summary>
    public ModelSpec Rules => rules;

    /// <summary>The model's name.</summary>
    public string Model => model;

    /// <summary>The model's name with its provider's.</summary>
    public string ModelName => $"{model} on {provider.Name}";

    /// <summary>A refusal about a field, by its name in the catalog.</summary>
    public OmniException Refuse(string name, string what, string received, string allowed)
    {
        var field = CatalogFields.ToErrorField(name);
        received = ProviderText.Clean(received) ?? "";
        return new(OmniErrorKind.InvalidRequest, what, new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = field,
            Received = received.Length > MaximumEcho ? received[..MaximumEcho] + "…" : received,
            Allowed = allowed,
            Provider = provider.Id,
            NextStep = FindAlternatives(field, isMissing: received == "nothing")
                ?? (allowed == "none" ? $"Leave {field} out and submit again" : $"Correct {field} and submit again"),
        });
    }

    // A missing field cannot be left out.
    private string? FindAlternatives(string field, bool isMissing) => isMissing
        ? alternatives?.Invoke(field)?.Replace($"or leave {field} out", $"or give {field}", StringComparison.Ordinal)
        : alternatives?.Invoke(field);

    /// <summary>A refusal of a field that the model does not have.</summary>
    public OmniException NotTaken(string name, string received) =>
        Refuse(name, $"{ModelName} does not take {CatalogFields.ToWords(name)}", received, "none");
}
