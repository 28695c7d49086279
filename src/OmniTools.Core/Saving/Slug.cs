using System.Globalization;
using System.Text;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>Makes a part of a file's name from a prompt.</summary>
internal static class Slug
{
    /// <summary>A prompt as lower-case words with hyphens between, cut at a word.</summary>
    public static string FromPrompt(string? prompt)
    {
        var text = new StringBuilder();
        foreach (var rune in PortableFileName.Normalize(prompt ?? "").EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || (text.Length > 0 && text[^1] != ' ' && IsMark(rune)))
                text.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (rune.Value is not ('\'' or '’'))
                text.Append(' ');
        }
        var words = text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var slug = words.FirstOrDefault("video");
        foreach (var word in words.Skip(1))
        {
            if (slug.Length + 1 + word.Length > SavingConstants.MaximumSlug)
                break;
            slug += "-" + word;
        }
        if (slug.Length <= SavingConstants.MaximumSlug)
            return slug;
        return slug[..(SavingConstants.MaximumSlug - (char.IsLowSurrogate(slug[SavingConstants.MaximumSlug]) ? 1 : 0))];
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
