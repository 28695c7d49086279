using System.Buffers.Binary;

namespace OmniTools.Files;

/// <summary>Detects the type of images and videos by their first bytes.</summary>
internal static class MediaType
{
    /// <summary>
    /// The media type of a file that begins with these bytes; null when it is none that a provider takes.
    /// </summary>
    public static string? Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', .. var brand] => brand switch
        {
            [(byte)'q', (byte)'t', (byte)' ', ..] => "video/quicktime",
            _ when IsPhotograph(brand) || BinaryPrimitives.ReadUInt32BigEndian(head) < 8 => null,
            _ => "video/mp4",
        },
        _ => null,
    };

    // HEIC and AVIF photographs come in the same boxes as videos.
    private static bool IsPhotograph(ReadOnlySpan<byte> brand) =>
        brand.Length >= 4 && (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.StartsWith("avi"u8)
            || brand.StartsWith("mif1"u8));
}
