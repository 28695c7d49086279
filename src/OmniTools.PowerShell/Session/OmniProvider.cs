using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Providers;

namespace OmniTools.PowerShell.Session;

/// <summary>A provider as this session may use it.</summary>
public sealed record OmniProvider
{
    /// <summary><c>toapis</c> or <c>apimart</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The name people know.</summary>
    public required string Name { get; init; }

    /// <summary>Whether requests can be submitted: there is a key that can be one, or the sandbox answers.</summary>
    public required bool IsReady { get; init; }

    /// <summary>Whether it is used when none is named.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>Whether the sandbox answers in its place.</summary>
    public required bool IsSandbox { get; init; }

    /// <summary>The source of the key: a variable or <c>Connect-OmniProvider</c>; null if there is no key.</summary>
    public string? KeySource { get; init; }

    /// <summary>The variable a key is read from.</summary>
    public required string KeyVariable { get; init; }

    /// <summary>Where its API is.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>The model used when none is named.</summary>
    public required string DefaultModel { get; init; }

    /// <summary>The models whose limits are known.</summary>
    public required IReadOnlyList<ModelSpec> Models { get; init; }

    /// <summary>What the account has left; null unless asked for with <c>-Balance</c>.</summary>
    public Balance? Balance { get; init; }

    internal static OmniProvider From(ProviderSpec spec, OmniSettings settings)
    {
        var own = settings.GetProviderSettings(spec);
        return new()
        {
            Provider = spec.Id,
            Name = spec.Name,
            IsReady = settings.IsSandbox || (own.Key is not null && own.KeyProblem is null),
            IsDefault = FindDefault(settings) == spec.Id,
            IsSandbox = settings.IsSandbox,
            KeySource = own.KeySource,
            KeyVariable = spec.KeyVariable,
            BaseAddress = own.BaseAddress ?? spec.BaseAddress,
            DefaultModel = own.Model ?? spec.DefaultModel,
            Models = spec.Models,
        };
    }

    /// <summary>Who would answer, and where the key comes from that is shown to them.</summary>
    internal static IEnumerable<string> DescribeProviders(OmniSettings settings) =>
        settings.IsSandbox
            ? ["The sandbox answers for every provider: no key, no money"]
            : ModelCatalog.Providers.Select(spec => From(spec, settings)).Where(state => state.IsReady)
                .Select(state => $"{state.Name} at {state.BaseAddress}, key from {state.KeySource}");

    private static string? FindDefault(OmniSettings settings)
    {
        try
        {
            return settings.ChooseProvider(null).Id;
        }
        catch (OmniException)
        {
            return null;
        }
    }
}
