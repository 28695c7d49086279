namespace OmniTools.PowerShell.Tests;

/// <summary>Where the things under test lie.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The module as it is imported, tested and shipped; OMNI_TEST_MODULE puts another in its place, such as the
    /// content of a package.
    /// </summary>
    public static string Module { get; } =
        Environment.GetEnvironmentVariable("OMNI_TEST_MODULE")
        ?? Path.Combine(Root, "artifacts", "module", "OmniTools");

    public static string PesterFolder { get; } = Path.Combine(Root, "tests", "OmniTools.PowerShell.Tests", "Pester");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OmniTools.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("The tests run from a checkout of the repository.");
    }
}
