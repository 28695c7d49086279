namespace OmniTools.Mcp;

/// <summary>
/// What this program is. The other half is written by the build: reading the version from the assembly costs
/// milliseconds at every start.
/// </summary>
internal static partial class Product;
