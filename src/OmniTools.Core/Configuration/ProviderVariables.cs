namespace OmniTools.Configuration;

/// <summary>The providers that can be configured, and the names of the environment variables of each.</summary>
internal static class ProviderVariables
{
    /// <summary>The ids of all providers, in the order of the catalog.</summary>
    public static IReadOnlyList<string> ProviderIds { get; } = ["toapis", "apimart"];

    /// <summary>The name of a provider's variable: <c>TOAPIS_API_KEY</c>.</summary>
    public static string GetName(string providerId, string ending) => $"{providerId.ToUpperInvariant()}_{ending}";
}
