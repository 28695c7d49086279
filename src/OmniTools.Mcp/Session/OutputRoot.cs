using OmniTools.Files;

namespace OmniTools.Mcp.Session;

/// <summary>
/// The only folder that the server writes to and reads references from. Paths are checked after symbolic links are
/// resolved.
/// </summary>
internal sealed class OutputRoot(string folder)
{
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The absolute path of a relative one, below the root even when every link in it is followed.</summary>
    public string Resolve(string relative, string field)
    {
        if (relative.StartsWith('/') || relative.StartsWith('~'))
            throw Refused(relative, field, "The path is not relative");
        foreach (var part in relative.Split('/'))
        {
            if (!PortableFileName.IsPortable(part))
                throw Refused(relative, field, "A part of the path is not a name that is valid on every system");
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
        if (OperatingSystem.IsWindows() && IsElsewhere(path, Folder))
            throw Refused(given, field, "The path leads out of the output root");
        Check(path, given, field);
        return Real(path);
    }

    /// <summary>A text in which paths below the root are relative to it: <c>photos/dog.png</c>.</summary>
    public string Relative(string text)
    {
        var folder = Path.TrimEndingDirectorySeparator(Folder) + Path.DirectorySeparatorChar;
        var relative = text.Replace(folder, "", PathText.Comparison);
        return relative.Length == text.Length ? text : relative.Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>
    /// Whether Windows must not open a path at all: a device, an alternate data stream, or a share other than the
    /// root's. Opening a share logs on to its server and sends the hash of the user's password.
    /// </summary>
    public static bool IsElsewhere(string path, string root) =>
        WindowsPath.GetProblem(path) is not null
        || (WindowsPath.FormOf(path) == WindowsPathForm.Network
            && !path.StartsWith(root.TrimEnd('\\') + '\\', StringComparison.OrdinalIgnoreCase));

    /// <summary>Throws if an absolute path leads out of the root.</summary>
    public void Check(string path, string shown, string field)
    {
        var root = Real(Folder);
        if (!PathText.IsBelow(Real(path), root, PathText.Comparison))
            throw Refused(shown, field, "The path leads out of the output root");
    }

    private OmniException Refused(string path, string field, string what) =>
        InvalidRequest.Create(what, field, string.IsNullOrWhiteSpace(path) ? "an empty string" : path,
            $"a path below {Folder}: plain names and forward slashes, no '..', no links that lead out, like "
                + "clips/fox.mp4");

    /// <summary>The path with every symbolic link resolved; parts that do not exist are kept.</summary>
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
