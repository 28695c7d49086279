using System.Management.Automation;
using OmniTools.Errors;
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
        catch (Exception problem)
            when (problem
                    is ItemNotFoundException
                        or System.Management.Automation.DriveNotFoundException
                        or ProviderNotFoundException
                        or PSInvalidOperationException
                        or NotSupportedException)
        {
            throw Refused(problem.Message);
        }

        OmniException Refused(string reason) =>
            new(OmniErrorKind.InvalidRequest, $"This path cannot be used: {reason.TrimEnd('.')}", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "-" + parameter,
                Received = path,
                Allowed = "a path in the file system",
            });
    }

    /// <summary>The error for a path that was typed and is empty, such as a variable that was never set.</summary>
    public static OmniException EmptyPath(string parameter) =>
        new(OmniErrorKind.InvalidRequest, "The path is empty", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "-" + parameter,
            Allowed = "a folder or a name template",
            NextStep = "Give a path, or leave the parameter out for the current location",
        });

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
        // An empty cell is a path not given.
        var given = string.IsNullOrWhiteSpace(literalPath) ? path : literalPath;
        given = string.IsNullOrWhiteSpace(given) ? "." : given;
        if (
            literalPath is null
            && path is not null
            && !path.Contains('{')
            && WildcardPattern.ContainsWildcardCharacters(path))
            given = ResolveSingle(cmdlet, path);
        var full = Resolve(cmdlet, given, literalPath is null ? "Path" : "LiteralPath");
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
        var given = literalPath ?? path ?? name;
        if (literalPath is null && path is not null && WildcardPattern.ContainsWildcardCharacters(path))
            given = ResolveSingle(cmdlet, path);
        var full = Resolve(cmdlet, given, literalPath is null ? "Path" : "LiteralPath");
        return given[^1] is '/' or '\\' || Directory.Exists(full) || !Path.HasExtension(full)
            ? Path.Combine(full, name)
            : full;
    }

    private static string ResolveSingle(PSCmdlet cmdlet, string pattern)
    {
        var found = cmdlet.SessionState.Path.GetResolvedPSPathFromPSPath(pattern);
        return found.Count == 1
            ? found[0].Path
            : throw new OmniException(OmniErrorKind.InvalidRequest, "This path does not name one place", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "-Path",
                Received = $"{pattern}, which matches {found.Count}",
                Allowed = "a path that matches one folder",
                NextStep = "Use -LiteralPath for a name with [ ] * or ? in it",
            });
    }
}
