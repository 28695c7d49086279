using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Providers;

namespace OmniTools.PowerShell.Session;

/// <summary>A provider as this session may use it.</summary>
/// <param name="Provider"><c>toapis</c> or <c>apimart</c>.</param>
/// <param name="Name">The name people know.</param>
/// <param name="IsReady">Whether requests can be submitted: it has a valid key, or the sandbox answers.</param>
/// <param name="IsDefault">Whether it is used when none is named.</param>
/// <param name="IsSandbox">Whether the sandbox answers in its place.</param>
/// <param name="KeySource">The key's source: a variable or <c>Connect-OmniProvider</c>; null: no key.</param>
/// <param name="KeyVariable">The variable a key is read from.</param>
/// <param name="BaseAddress">Where its API is.</param>
/// <param name="DefaultModel">The model used when none is named.</param>
/// <param name="Models">The models whose limits are known.</param>
/// <param name="Balance">What the account has left; null unless asked for with <c>-Balance</c>.</param>
public sealed record OmniProvider(
    string Provider, string Name, bool IsReady, bool IsDefault, bool IsSandbox, string? KeySource, string KeyVariable,
    string BaseAddress, string DefaultModel, IReadOnlyList<ModelSpec> Models, Balance? Balance = null)
{
    internal static OmniProvider From(ProviderSpec spec, OmniSettings settings)
    {
        var own = settings.GetProviderSettings(spec);
        return new(
            spec.Id, spec.Name,
            IsReady: settings.IsSandbox || (own.Key is not null && own.KeyProblem is null),
            IsDefault: FindDefault(settings) == spec.Id,
            settings.IsSandbox, own.KeySource, spec.KeyVariable, own.BaseAddress ?? spec.BaseAddress,
            own.Model ?? spec.DefaultModel, spec.Models);
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
