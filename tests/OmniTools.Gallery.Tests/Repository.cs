namespace OmniTools.Gallery.Tests;

/// <summary>Where the sources are that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "OmniTools.sln")) ? folder
        : Find(Path.GetDirectoryName(folder)
        ?? throw new DirectoryNotFoundException(
        "These tests read sample clips, so they run from the repository only."));
}
