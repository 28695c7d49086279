using System.Net.Http.Headers;
using System.Text;
using OmniTools.Sandbox.Protocol;

namespace OmniTools.Sandbox.Providers;

/// <summary>The multipart field <c>file</c> of an upload.</summary>
internal sealed record UploadedFile(string Name, ReadOnlyMemory<byte> Content)
{
    private const string DispositionHeader = "Content-Disposition:";
    private const int Megabyte = 1024 * 1024;

    /// <summary>Finds the field in a body, or refuses it.</summary>
    public static UploadedFile Read(HttpContent? content, ReadOnlyMemory<byte> body)
    {
        var type = content?.Headers.ContentType;
        var boundary = type?.Parameters.FirstOrDefault(each => each.Name == "boundary")?.Value?.Trim('"');
        if (type?.MediaType != "multipart/form-data" || string.IsNullOrEmpty(boundary))
            throw SandboxHttpException.Invalid("An upload has to be multipart/form-data");

        // A part begins after its delimiter and ends before the line break of the next one.
        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        for (var start = body.Span.IndexOf(delimiter); start >= 0;)
        {
            var rest = body[(start + delimiter.Length)..];
            var end = rest.Span.IndexOf([(byte)'\r', (byte)'\n', .. delimiter]);
            var head = rest.Span.IndexOf("\r\n\r\n"u8);
            if (end < 0 || head < 0 || head > end)
                break;
            var field = Disposition(Encoding.UTF8.GetString(rest.Span[..head]));
            if (field?.Name?.Trim('"') == "file" && head + 4 <= end)
                return new((field.FileNameStar ?? field.FileName)?.Trim('"') ?? "file", rest[(head + 4)..end]);
            start += delimiter.Length + end + 2;
        }
        throw SandboxHttpException.Invalid("The multipart field 'file' is missing");
    }

    /// <summary>
    /// The media type by the first bytes; refused when it is not of the kind, or the file is too large.
    /// </summary>
    public string Check(UploadKind kind)
    {
        var type = Content.Span switch
        {
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
            [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'q', (byte)'t', (byte)' ', ..] =>
                "video/quicktime",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "video/mp4",
            _ => "",
        };
        var (family, allowed, most) =
            kind == UploadKind.Image ? ("image/", "JPEG or PNG image", 20) : ("video/", "MP4, MOV or WebM video", 50);
        if (!type.StartsWith(family, StringComparison.Ordinal))
            throw SandboxHttpException.Invalid($"The file is no {allowed}");
        return Content.Length <= most * Megabyte
            ? type
            : throw SandboxHttpException.Invalid($"The file is larger than {most} MB");
    }

    private static ContentDispositionHeaderValue? Disposition(string headers) => headers.Split("\r\n")
        .Where(line => line.StartsWith(DispositionHeader, StringComparison.OrdinalIgnoreCase))
        .Select(
        line => ContentDispositionHeaderValue.TryParse(line[DispositionHeader.Length..], out var value) ? value : null)
        .FirstOrDefault();
}
