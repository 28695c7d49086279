using System.Globalization;
using System.Text;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>Makes parts of file names of text, for all file systems.</summary>
internal static class Slug
{
    /// <summary>A prompt as lower-case words with hyphens between, cut at a word.</summary>
    public static string FromPrompt(string? prompt)
    {
        var slug = new StringBuilder();
        var words = 0;
        foreach (var rune in NormalizeUnicode(prompt ?? "").EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)
                || (slug.Length > 0 && slug[^1] != '-'
                && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark))
                slug.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (slug.Length > 0 && slug[^1] != '-' && rune.Value != '\'' && rune.Value != '’')
                slug.Append('-');
            if (slug.Length > 0 && slug[^1] == '-')
                words = slug.Length - 1;
            if (slug.Length > SavingConstants.MaximumSlug)
                break;
        }
        if (slug.Length > SavingConstants.MaximumSlug)
            slug.Length = words > 0 ? words : SavingConstants.MaximumSlug
                - (char.IsHighSurrogate(slug[SavingConstants.MaximumSlug - 1]) ? 1 : 0);
        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "video" : text;
    }

    /// <summary>
    /// Text as part of one name: no separators, no character that Windows refuses, none that cannot be seen.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in NormalizeUnicode(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
                continue;
            clean.Append(rune == Rune.ReplacementChar || (rune.IsBmp && PortableFileName.IsForbidden((char)rune.Value))
                ? "-"
                : rune.ToString());
        }
        return clean.ToString();
    }

    /// <summary>
    /// A name that every file system takes, at most so many bytes long; empty when nothing is left.
    /// </summary>
    public static string ToFileName(string text, int bytes)
    {
        var name = Truncate(Clean(text).TrimStart(), bytes).TrimEnd('.', ' ').TrimEnd();
        return PortableFileName.IsDevice(name) ? Truncate("_" + name, bytes).TrimEnd('.', ' ') : name;
    }

    // Composed, so that a name is the same on every platform; unchanged where the process runs without ICU, as the MCP
    // server does. Unpaired surrogates become replacement characters.
    private static string NormalizeUnicode(string text)
    {
        var runes = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            runes.Append(rune.ToString());
        var valid = runes.ToString();
        try
        {
            return valid.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return valid;
        }
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
}
