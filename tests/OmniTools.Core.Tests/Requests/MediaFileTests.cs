using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Requests;

public sealed class MediaFileTests : IDisposable
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[20]];
    private static readonly byte[] Png =
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[20]];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void MediaFile_Type_ComesFromTheContent()
    {
        Assert.Equal("image/jpeg", MediaFile.CheckImage(folder.Write("a.png", Jpeg)));
        Assert.Equal("image/png", MediaFile.CheckImage(folder.Write("a.txt", Png)));
        Assert.Equal("video/mp4", MediaFile.CheckVideo(folder.Write("a.bin", Mp4Sample.Bytes()), 24));
        Assert.Equal("video/quicktime",
            MediaFile.CheckVideo(folder.Write("a.mov", Mp4Sample.Bytes(brand: "qt  ")), 24));
        Assert.Equal("video/webm",
            MediaFile.CheckVideo(folder.Write("a.webm", [0x1A, 0x45, 0xDF, 0xA3, .. new byte[20]]), 24));
    }

    [Fact]
    public void MediaFile_OtherKind_IsRefusedWhateverItsName()
    {
        Refused(() => MediaFile.CheckImage(folder.Write("a.jpg", "<html></html>"u8.ToArray())), "image_urls",
            "JPEG or PNG");
        Refused(() => MediaFile.CheckImage(folder.Write("b.jpg", Mp4Sample.Bytes())), "image_urls", "JPEG or PNG");
        Refused(() => MediaFile.CheckImage(folder.Write("c.jpg", [])), "image_urls", "JPEG or PNG");
        Refused(() => MediaFile.CheckVideo(folder.Write("a.mp4", Jpeg), 24), "video_url", "MP4, MOV or WebM");
    }

    [Fact]
    public void MediaFile_Unreadable_IsRefused()
    {
        Refused(() => MediaFile.CheckImage(folder["none.jpg"]), "image_urls", "JPEG or PNG");
        Refused(() => MediaFile.CheckVideo(folder.Path, 24), "video_url", "MP4, MOV or WebM");
    }

    [Fact]
    public void MediaFile_TooLarge_IsRefused()
    {
        var path = folder.Write("large.jpg", Jpeg);
        using (var file = File.OpenWrite(path))
            file.SetLength(MediaFile.MaximumImageBytes + 1);
        Refused(() => MediaFile.CheckImage(path), "image_urls", "20 MB");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(24, true)]
    [InlineData(0.9, false)]
    [InlineData(24.1, false)]
    public void MediaFile_VideoOutside1To24Seconds_IsRefused(double seconds, bool isTaken)
    {
        var path = folder.Write("a.mp4", Mp4Sample.Bytes(seconds));
        if (isTaken)
            MediaFile.CheckVideo(path, 24);
        else
            Refused(() => MediaFile.CheckVideo(path, 24), "video_url", "1 to 24 s");
        MediaFile.CheckVideo(path, null);
    }

    private static void Refused(Func<object> check, string field, string allowed)
    {
        var error = Assert.Throws<OmniException>(check);
        Assert.Equal((OmniErrorKind.InvalidRequest, field), (error.Kind, error.Field));
        Assert.NotNull(error.Received);
        Assert.Contains(allowed, error.Allowed, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent or billed", error.Message, StringComparison.Ordinal);
    }
}
