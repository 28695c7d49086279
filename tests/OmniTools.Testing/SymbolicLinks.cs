namespace OmniTools.Testing;

/// <summary>Whether symbolic links can be tested here.</summary>
public static class SymbolicLinks
{
    /// <summary>Why not; null when they can.</summary>
    public static string? Missing { get; } = FindProblem();

    private static string? FindProblem()
    {
        using var folder = new TemporaryFolder();
        try
        {
            Directory.CreateSymbolicLink(folder["link"], folder.Path);
            return new DirectoryInfo(folder["link"]).LinkTarget is null ? "Symbolic links look like what they lead to here (Wine)." : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "Symbolic links cannot be made here (Windows wants an administrator, or its developer mode).";
        }
    }
}
