using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Requests;

public sealed class DataUriTests
{
    [Fact]
    public void DataUri_RoundTrip_ReturnsTheFile()
    {
        using var folder = new TemporaryFolder();
        var content = Mp4Sample.Bytes(3);
        var uri = DataUri.Read(folder.Write("a.mp4", content), "video/mp4");
        Assert.Equal("data:video/mp4;base64," + Convert.ToBase64String(content), uri);
        Assert.Equal(3, DataUri.Seconds(uri));
    }

    [Fact]
    public void DataUri_VideoWithoutLength_HasNoLength() =>
    Assert.Null(DataUri.Seconds("data:video/webm;base64,GkXfowAA"));

    [Theory]
    [InlineData("data:video/mp4")]
    [InlineData("data:video/mp4,AAAA")]
    [InlineData("data:video/mp4;base64,")]
    [InlineData("data:video/mp4;base64,not base64!")]
    public void DataUri_InvalidBase64_IsRefused(string uri)
    {
        var error = Assert.Throws<OmniException>(() => DataUri.Seconds(uri));
        Assert.Equal((OmniErrorKind.InvalidRequest, "video_url"), (error.Kind, error.Field));
    }

    [Fact]
    public void DataUri_TooLarge_IsRefusedBeforeDecoding() =>
        Assert.Contains("50 MB", Assert.Throws<OmniException>(
        () => DataUri.Seconds("data:video/mp4;base64," + new string('A', 70_500_000))).Message,
        StringComparison.Ordinal);
}
