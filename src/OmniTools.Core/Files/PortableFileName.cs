using System.Buffers;

namespace OmniTools.Files;

/// <summary>
/// What a file's name may be on every platform, which is what Windows takes:
/// https://learn.microsoft.com/windows/win32/fileio/naming-a-file.
/// </summary>
internal static class PortableFileName
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"/\\|?*");

    private static readonly HashSet<string> Devices = new(
        [
            "CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$",
            .. "0123456789¹²³".SelectMany(digit => new[] { "COM" + digit, "LPT" + digit }),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether no name may contain this character.</summary>
    public static bool IsForbidden(char character) => Forbidden.Contains(character) || char.IsControl(character);

    /// <summary>
    /// Whether Windows takes a name for a device's, whatever its extension:
    /// <c>nul</c>, <c>NUL.mp4</c>, <c>com¹ .txt</c>.
    /// </summary>
    public static bool IsDevice(string name) => Devices.Contains(name.Split('.', ':')[0].TrimEnd(' '));

    /// <summary>Whether a name is one that every file system keeps as it is.</summary>
    public static bool IsPortable(string name) =>
        name.Length > 0 && name[^1] is not ('.' or ' ') && !name.Any(IsForbidden) && !IsDevice(name);
}
