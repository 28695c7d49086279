using System.Buffers;
using System.Globalization;
using System.Text;

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

    /// <summary>
    /// A name that every file system takes, at most so many bytes long; empty when nothing is left of the text.
    /// </summary>
    public static string Create(string text, int bytes)
    {
        var name = Truncate(Clean(text).TrimStart(), bytes).TrimEnd('.', ' ').TrimEnd();
        return IsDevice(name) ? Truncate("_" + name, bytes).TrimEnd('.', ' ') : name;
    }

    /// <summary>
    /// Text as part of one name: no separators, no character that Windows refuses, none that cannot be seen.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in Normalize(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
                continue;
            clean.Append(rune == Rune.ReplacementChar || (rune.IsBmp && IsForbidden((char)rune.Value))
                ? "-"
                : rune.ToString());
        }
        return clean.ToString();
    }

    /// <summary>The beginning of a text, at most so many bytes of UTF-8.</summary>
    public static string Truncate(string text, int bytes)
    {
        var (length, used) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((used += rune.Utf8SequenceLength) > bytes)
                return text[..length];
            length += rune.Utf16SequenceLength;
        }
        return text;
    }

    /// <summary>
    /// Composed, so that a name is the same on every platform; unchanged where the process runs without ICU, as the MCP
    /// server does. Unpaired surrogates become replacement characters.
    /// </summary>
    public static string Normalize(string text)
    {
        var valid = string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
        try
        {
            return valid.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return valid;
        }
    }
}
