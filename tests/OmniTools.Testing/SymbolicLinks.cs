namespace OmniTools.Testing;

/// <summary>Whether symbolic links can be tested here.</summary>
public static class SymbolicLinks
{
    /// <summary>Why not; null when they can.</summary>
    public static string? Missing { get; } = FindProblem();

    private static string? FindProblem()
    {
        // Wine 8 shows links as what they lead to, and a process that made one crashes later.
        if (Wine.IsPresent)
            return "Wine makes no symbolic links.";
        using var folder = new TemporaryFolder();
        try
        {
            Directory.CreateDirectory(folder["target"]);
            Directory.CreateSymbolicLink(folder["link"], folder["target"]);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "Symbolic links cannot be made here (Windows wants an administrator, or its developer mode).";
        }
    }
}
