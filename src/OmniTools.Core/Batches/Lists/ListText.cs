using System.Text;

namespace OmniTools.Batches.Lists;

/// <summary>
/// Decodes the bytes of a list: by its byte order mark, else as UTF-8, else as UTF-16 or Windows-1252.
/// </summary>
internal static class ListText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, and the name of its encoding where that is not UTF-8.</summary>
    public static (string Text, string? Encoding) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        else if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return (Encoding.Unicode.GetString(bytes[2..]), "UTF-16");
        else if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return (Encoding.BigEndianUnicode.GetString(bytes[2..]), "UTF-16");
        else if (bytes.Length >= 2 && bytes.Length % 2 == 0 && (bytes[0] == 0) != (bytes[1] == 0))
            // A list begins with an ASCII character, which is half zero in UTF-16.
            return ((bytes[0] == 0 ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(bytes), "UTF-16");
        try
        {
            return (Utf8.GetString(bytes), null);
        }
        catch (DecoderFallbackException)
        {
            return (CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes), "Windows-1252");
        }
    }
}
