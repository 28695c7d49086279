using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Requests;

public sealed class DataUriTests
{
    [Fact]
    public void A_file_comes_back_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var content = Mp4Sample.Bytes(3);
        var uri = DataUri.Read(folder.Write("a.mp4", content), "video/mp4");
        Assert.Equal("data:video/mp4;base64," + Convert.ToBase64String(content), uri);
        Assert.Equal(3, DataUri.Seconds(uri));
    }

    [Fact]
    public void A_video_that_tells_no_length_has_none() =>
    Assert.Null(DataUri.Seconds("data:video/webm;base64,GkXfowAA"));

    [Theory]
    [InlineData("data:video/mp4")]
    [InlineData("data:video/mp4,AAAA")]
    [InlineData("data:video/mp4;base64,")]
    [InlineData("data:video/mp4;base64,not base64!")]
    public void What_is_no_base64_is_refused(string uri)
    {
        var error = Assert.Throws<OmniException>(() => DataUri.Seconds(uri));
        Assert.Equal((OmniErrorKind.InvalidRequest, "video_url"), (error.Kind, error.Field));
    }

    [Fact]
    public void What_is_too_large_is_refused_before_it_is_decoded() =>
        Assert.Contains("50 MB", Assert.Throws<OmniException>(
        () => DataUri.Seconds("data:video/mp4;base64," + new string('A', 70_500_000))).Message,
        StringComparison.Ordinal);
}
