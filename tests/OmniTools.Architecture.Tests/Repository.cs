using System.Diagnostics;

namespace OmniTools.Architecture.Tests;

/// <summary>The files of this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The tracked files with one of these extensions, as paths from the root.</summary>
    public static IReadOnlyList<string> Files(params string[] extensions)
    {
        using var git =
            Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
            })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return [.. files.Where(
            file => extensions.Contains(Path.GetExtension(file)) && File.Exists(Path.Combine(Root, file)))];
    }

    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>A compiled assembly of the product, in this test's configuration.</summary>
    public static string FindAssembly(string name)
    {
        var configuration =
            AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        return Directory.EnumerateFiles(Path.Combine(Root, "src", name, "bin", configuration), "*.dll",
            SearchOption.AllDirectories)
            .Where(file => Path.GetFileNameWithoutExtension(file) is var found
                && (found == name || (name == "OmniTools.Mcp" && found == "omnitools-mcp")))
            .OrderByDescending(File.GetLastWriteTimeUtc).First();
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OmniTools.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("There is no OmniTools.sln above the tests.");
        return folder;
    }
}
