using System.Buffers;
using OmniTools.Errors;

namespace OmniTools.Mcp.Session;

/// <summary>
/// The only folder that the server writes to and reads references from. Paths are checked after symbolic links are
/// resolved.
/// </summary>
internal sealed class OutputRoot(string folder)
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|");

    private static readonly string[] Reserved =
    [
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }),
    ];

    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The absolute path of a relative one, below the root even when every link in it is followed.</summary>
    public string Resolve(string relative, string field)
    {
        if (Path.IsPathRooted(relative) || relative.StartsWith('~'))
            throw Refused(relative, field, "The path is not relative");
        foreach (var part in relative.Split('/'))
        {
            if (
                part is "" or "." or ".."
                || part.EndsWith('.')
                || part.EndsWith(' ')
                || part.AsSpan().ContainsAny(Forbidden)
                || part.Any(char.IsControl)
                || IsReserved(part))
            {
                throw Refused(relative, field, "A part of the path is not a name that every system takes");
            }
        }
        var path = Path.Combine(Folder, relative.Replace('/', Path.DirectorySeparatorChar));
        Check(path, relative, field);
        return path;
    }

    /// <summary>
    /// Resolves a local reference, absolute or relative to the root, and rejects it unless the real path is below the
    /// root.
    /// </summary>
    public string Reference(string given, string field)
    {
        var path = Path.IsPathRooted(given) ? Path.GetFullPath(given) : Path.GetFullPath(Path.Combine(Folder, given));
        Check(path, given, field);
        return Real(path);
    }

    /// <summary>
    /// Makes the paths below the root in a text relative, as callers give them: <c>photos/dog.png</c>.
    /// </summary>
    public string Relative(string text) =>
        text.Replace(Path.TrimEndingDirectorySeparator(Folder) + Path.DirectorySeparatorChar, "",
        StringComparison.Ordinal);

    /// <summary>Whether a name belongs to a device on some system.</summary>
    public static bool IsReserved(string name) =>
        Reserved.Contains(name.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Throws if an absolute path leads out of the root.</summary>
    public void Check(string path, string shown, string field)
    {
        var root = Real(Folder);
        if (
            !Real(path)
                .StartsWith(
                    Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw Refused(shown, field, "The path leads out of the output root");
    }

    private OmniException Refused(string path, string field, string what) =>
        new(OmniErrorKind.InvalidRequest, what)
        {
            Charged = Charged.No, // Nothing was sent.
            Field = field,
            Received = ProviderText.Clean(path) ?? "an empty text",
            Allowed =
                $"a path below {Folder}: plain names and forward slashes, no '..', no links that lead out, like "
                    + $"clips/fox.mp4",
        };

    /// <summary>The path with every symbolic link in it followed; what does not exist is taken as it is.</summary>
    private static string Real(string path, int depth = 0)
    {
        if (depth > 40)
            return path;
        var real = Path.GetPathRoot(path)!;
        var parts = path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var next = Path.Combine(real, parts[i]);
            if (new FileInfo(next).LinkTarget is { } target)
                return Real(Path.GetFullPath(Path.Combine([real, target, .. parts[(i + 1)..]])), depth + 1);
            real = next;
        }
        return real;
    }
}
