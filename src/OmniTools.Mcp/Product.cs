using System.Reflection;

namespace OmniTools.Mcp;

/// <summary>The version of this program.</summary>
internal static class Product
{
    public static string Version { get; } = typeof(Product).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
