namespace OmniTools.Files;

/// <summary>What a path begins with, to Windows.</summary>
internal enum WindowsPathForm
{
    /// <summary><c>clips\fox.mp4</c>: below the current folder.</summary>
    Relative,
    /// <summary><c>C:fox.mp4</c>: below the current folder of that drive, which each process has its own of.</summary>
    DriveRelative,
    /// <summary><c>\clips</c>: on the current drive.</summary>
    RootRelative,
    /// <summary><c>C:\clips</c>, also as <c>\\?\C:\clips</c>.</summary>
    Drive,
    /// <summary><c>\\server\share\clips</c>, also as <c>\\?\UNC\server\share\clips</c>. Opening it logs on to the server.</summary>
    Network,
    /// <summary><c>\\.\PhysicalDrive0</c>, <c>\\?\GLOBALROOT\…</c>: no file of a folder.</summary>
    Device,
}

/// <summary>Windows' rules for paths, as functions of the text alone, so that they are tested on every platform.</summary>
internal static class WindowsPath
{
    /// <summary>The longest path that native code opens as it is: 260 with the end, less the longest suffix of SQLite ("-journal").</summary>
    private const int MaximumNativeLength = 259 - 8;

    private const string Extended = @"\\?\";
    private const string ExtendedNetwork = @"\\?\UNC\";

    public static WindowsPathForm FormOf(string path)
    {
        var text = path.Replace('/', '\\');
        if (text.StartsWith(ExtendedNetwork, StringComparison.OrdinalIgnoreCase))
            return WindowsPathForm.Network;
        if (text.StartsWith(Extended, StringComparison.Ordinal))
            return HasDrive(text.AsSpan(Extended.Length), isRooted: true) ? WindowsPathForm.Drive : WindowsPathForm.Device;
        if (text.StartsWith(@"\\.", StringComparison.Ordinal) || text.StartsWith(@"\??\", StringComparison.Ordinal))
            return WindowsPathForm.Device;
        if (text.StartsWith(@"\\", StringComparison.Ordinal))
            return WindowsPathForm.Network;
        if (text.StartsWith('\\'))
            return WindowsPathForm.RootRelative;
        return HasDrive(text, isRooted: true) ? WindowsPathForm.Drive
            : HasDrive(text, isRooted: false) ? WindowsPathForm.DriveRelative
            : WindowsPathForm.Relative;
    }

    /// <summary>The drive of an absolute path, <c>C:\</c>; null for one on a share.</summary>
    public static string? GetDrive(string path)
    {
        var text = path.StartsWith(Extended, StringComparison.Ordinal) ? path[Extended.Length..] : path;
        return FormOf(path) == WindowsPathForm.Drive ? text[..2] + '\\' : null;
    }

    /// <summary>Why Windows cannot keep files in a folder of this absolute path, or would keep them elsewhere; null when it can.</summary>
    public static string? GetProblem(string path)
    {
        switch (FormOf(path))
        {
            case WindowsPathForm.Device:
                return "it names a device";
            case WindowsPathForm.Relative or WindowsPathForm.DriveRelative or WindowsPathForm.RootRelative:
                return "it depends on the current drive or folder";
        }
        foreach (var part in PartsOf(path))
        {
            if (part.Contains(':'))
                return $"'{part}' names an alternate data stream of a file";
            if (part.Any(PortableFileName.IsForbidden))
                return $"'{part}' has a character that no name may have";
            if (PortableFileName.IsDevice(part))
                return $"'{part}' is the name of a device";
        }
        return null;
    }

    /// <summary>
    /// An absolute path as native code opens it whatever its length. .NET does this by itself; SQLite does not
    /// (https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation).
    /// </summary>
    public static string ForNativeCode(string path) =>
        path.Length <= MaximumNativeLength || path.StartsWith(Extended, StringComparison.Ordinal) ? path
        : path.StartsWith(@"\\", StringComparison.Ordinal) ? ExtendedNetwork + path[2..]
        : Extended + path;

    private static bool HasDrive(ReadOnlySpan<char> text, bool isRooted) =>
        text.Length > 1 && char.IsAsciiLetter(text[0]) && text[1] == ':' && (!isRooted || (text.Length > 2 && text[2] == '\\'));

    private static string[] PartsOf(string path)
    {
        var text = path.Replace('/', '\\');
        text = text.StartsWith(Extended, StringComparison.Ordinal) ? text[Extended.Length..] : text;
        text = HasDrive(text, isRooted: true) ? text[2..] : text;
        return text.Split('\\', StringSplitOptions.RemoveEmptyEntries);
    }
}
