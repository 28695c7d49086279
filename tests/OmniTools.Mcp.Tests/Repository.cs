namespace OmniTools.Mcp.Tests;

/// <summary>Where the sources are that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string TestFolder => Path.Combine(Root, "tests", "OmniTools.Mcp.Tests");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "OmniTools.sln"))
            ? folder
            : Find(
                Path.GetDirectoryName(folder)
                    ?? throw new DirectoryNotFoundException(
                        "These tests read approved texts and client scripts, so they run from the repository only."));
}
