using System.Globalization;
using System.Text;

namespace OmniTools.Errors;

/// <summary>
/// Makes a provider's text safe to show: it may be malicious, and an assistant may read it.
/// </summary>
internal static class ProviderText
{
    /// <summary>The longest text that is kept, in UTF-16 units.</summary>
    public const int MaximumLength = 500;

    /// <summary>
    /// Caps the text and drops control, format (bidirectional marks among them) and unpaired surrogate characters; line
    /// breaks become spaces. Null and blank give null.
    /// </summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var clean = new StringBuilder(Math.Min(text.Length, MaximumLength + 1));
        foreach (var rune in text.EnumerateRunes())
        {
            var kept = rune == Rune.ReplacementChar || Rune.IsWhiteSpace(rune) ? new Rune(' ')
                : Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned ? (Rune?)null
                : rune;
            if (kept is not { } shown)
                continue;
            if (clean.Length + shown.Utf16SequenceLength > MaximumLength)
            {
                clean.Append('…');
                break;
            }
            clean.Append(shown.ToString());
        }
        var trimmed = clean.ToString().Trim();
        return trimmed.Length == 0 ? null : trimmed;
    }

    /// <summary>The text, or its first characters and an ellipsis.</summary>
    public static string Shorten(string text, int maximum) => text.Length > maximum ? text[..maximum] + "…" : text;
}
