using OmniTools.Errors;

namespace OmniTools.Catalog;

/// <summary>Makes the errors of one check.</summary>
internal sealed class Refusals(ProviderSpec provider, string model, Func<string, string?>? alternatives)
{
    /// <summary>The longest part of a given value that an error repeats.</summary>
    private const int MaximumEcho = 200;

    /// <summary>The provider that is asked.</summary>
    public ProviderSpec Provider => provider;

    /// <summary>The model's name.</summary>
    public string Model => model;

    /// <summary>The model's name with its provider's.</summary>
    public string ModelName => $"{model} on {provider.Name}";

    /// <summary>A refusal about a field, by its name in the catalog.</summary>
    public OmniException Refuse(string name, string what, string received, string allowed)
    {
        received = ProviderText.Clean(received) ?? "";
        return new(OmniErrorKind.InvalidRequest, what, new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = CatalogFields.ToErrorField(name),
            Received = received.Length > MaximumEcho ? received[..MaximumEcho] + "…" : received,
            Allowed = allowed,
            Provider = provider.Id,
            // What is missing cannot be left out.
            NextStep = alternatives?.Invoke(received == "nothing"
                    ? $"give {OmniException.FieldName}" : $"leave {OmniException.FieldName} out")
                ?? (allowed == "none" ? $"Leave {OmniException.FieldName} out and submit again"
                    : $"Correct {OmniException.FieldName} and submit again"),
        });
    }

    /// <summary>A refusal of a field that the model does not have.</summary>
    public OmniException NotTaken(CatalogField field, string received) =>
        Refuse(field.Name, $"{ModelName} does not take {field.Words}", received, "none");
}
