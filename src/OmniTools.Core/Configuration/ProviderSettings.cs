using OmniTools.Errors;

namespace OmniTools.Configuration;

/// <summary>What one provider needs to be used: where it is, with which key and model.</summary>
public sealed record ProviderSettings
{
    /// <summary>The API key; null when none is configured.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>Where the key came from, for people: a variable's name, never the key.</summary>
    public string? KeySource { get; init; }

    /// <summary>Why the key cannot be used; null when it can, or there is none.</summary>
    public OmniException? KeyProblem
    {
        get
        {
            try
            {
                Key?.ToAuthorizationHeader();
                return null;
            }
            catch (OmniException problem)
            {
                return problem;
            }
        }
    }

    /// <summary>Overrides the catalog's base address; https only, except loopback.</summary>
    public string? BaseAddress { get; init; }

    /// <summary>Overrides the catalog's default model.</summary>
    public string? Model { get; init; }
}
