using OmniTools.Saving;

namespace OmniTools.PowerShell.Binding;

/// <summary>Resolves paths the way the session means them: its location, its drives, files only.</summary>
internal static class PathResolver
{
    /// <summary>The absolute path of a file or folder that need not exist.</summary>
    public static string Resolve(PSCmdlet cmdlet, string path, string parameter)
    {
        try
        {
            var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.Name == "FileSystem" ? full : throw Refused($"it belongs to the {provider.Name} provider");
        }
        catch (Exception problem) when (problem is ItemNotFoundException or ProviderNotFoundException
            or System.Management.Automation.DriveNotFoundException or PSInvalidOperationException
            or NotSupportedException)
        {
            throw Refused(problem.Message);
        }

        OmniException Refused(string reason) => InvalidRequest.Create(
            $"This path cannot be used: {reason.TrimEnd('.')}", "-" + parameter, path, "a path in the file system");
    }

    /// <summary>The error for a path that was typed and is empty, such as a variable that was never set.</summary>
    public static OmniException EmptyPath(string parameter) => InvalidRequest.Create("The path is empty",
        "-" + parameter, allowed: "a folder or a name template",
        nextStep: "Give a path, or leave the parameter out for the current location");

    /// <summary>A reference as it was given, or the absolute path where it is a local file.</summary>
    public static string ResolveReference(PSCmdlet cmdlet, string reference, string parameter) =>
        reference.Contains("://", StringComparison.Ordinal)
        || reference.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? reference
            : Resolve(cmdlet, reference, parameter);

    /// <summary>
    /// The folder and the name template. The last part is a template if it has an extension or a token and is not an
    /// existing folder.
    /// </summary>
    public static (string Folder, string Template) ResolveDestination(
        PSCmdlet cmdlet, string? path, string? literalPath)
    {
        // An empty cell is a path not given; a template may have brackets that are no wildcards.
        path = NullIfEmpty(path);
        var isPattern = path?.Contains('{') != true;
        var (given, full) = ResolveGiven(cmdlet, path, NullIfEmpty(literalPath), ".", isPattern);
        if (given[^1] is '/' or '\\' || Directory.Exists(full) || !(Path.HasExtension(full) || full.Contains('{')))
            return (full, SaveOptions.DefaultTemplate);
        var token = full.IndexOf('{', StringComparison.Ordinal);
        var folder = Path.GetDirectoryName(token < 0 ? full : full[..token] + "x") ?? Path.GetPathRoot(full)!;
        return (folder, full[folder.Length..].TrimStart('/', '\\'));
    }

    /// <summary>
    /// The absolute path of a file to write. A path without an extension is a folder, and the file is <paramref
    /// name="name"/> in it.
    /// </summary>
    public static string ResolveFile(PSCmdlet cmdlet, string? path, string? literalPath, string name)
    {
        var (given, full) = ResolveGiven(cmdlet, path, literalPath, name, isPattern: true);
        return given[^1] is '/' or '\\' || Directory.Exists(full) || !Path.HasExtension(full)
            ? Path.Combine(full, name)
            : full;
    }

    private static string? NullIfEmpty(string? path) => string.IsNullOrWhiteSpace(path) ? null : path;

    private static (string Given, string Full) ResolveGiven(
        PSCmdlet cmdlet, string? path, string? literalPath, string standard, bool isPattern)
    {
        var given = literalPath ?? path ?? standard;
        if (literalPath is null && isPattern && WildcardPattern.ContainsWildcardCharacters(given))
            given = ResolveSingle(cmdlet, given);
        return (given, Resolve(cmdlet, given, literalPath is null ? "Path" : "LiteralPath"));
    }

    private static string ResolveSingle(PSCmdlet cmdlet, string pattern)
    {
        var found = cmdlet.SessionState.Path.GetResolvedPSPathFromPSPath(pattern);
        return found.Count == 1 ? found[0].Path : throw InvalidRequest.Create(
            "This path does not name one place", "-Path", $"{pattern}, which matches {found.Count}",
            "a path that matches one folder", "Use -LiteralPath for a name with [ ] * or ? in it");
    }
}
