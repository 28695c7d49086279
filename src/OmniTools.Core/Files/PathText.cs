namespace OmniTools.Files;

/// <summary>Paths compared as the platform's file systems do: Windows and macOS make no difference between upper and lower case.</summary>
internal static class PathText
{
    public static readonly StringComparison Comparison =
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Whether a path is below a folder, by its text: both absolute, without <c>..</c>.</summary>
    public static bool IsBelow(string path, string folder, StringComparison comparison) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, comparison);
}
