using OmniTools.Requests;

namespace OmniTools.Core.Tests.Requests;

public sealed class ReferenceTests
{
    [Theory]
    [InlineData("https://example.com/a.jpg", "Url")]
    [InlineData("HTTP://example.com/a.jpg", "Url")]
    [InlineData("https://user:pass@example.com/a.jpg", "Unusable")]
    [InlineData("https://", "Unusable")]
    [InlineData("data:video/mp4;base64,AAAA", "Data")]
    [InlineData("DATA:video/mp4;base64,AAAA", "Data")]
    [InlineData("ftp://example.com/a.jpg", "Unusable")]
    [InlineData("file:///etc/passwd", "Unusable")]
    [InlineData("javascript:alert(1)", "Unusable")]
    [InlineData("", "Unusable")]
    [InlineData("  ", "Unusable")]
    [InlineData("clip.mp4", "LocalFile")]
    [InlineData("./a/clip.mp4", "LocalFile")]
    [InlineData(@"C:\clips\a.mp4", "LocalFile")]
    [InlineData("C:/clips/a.mp4", "LocalFile")]
    [InlineData("/clips/a:b.mp4", "LocalFile")]
    [InlineData("take 1: final.mp4", "LocalFile")]
    public void Reference_Kind_ComesFromTheText(string text, string form) =>
        Assert.Equal(form, Reference.GetForm(text).ToString());

    [Fact]
    public void Reference_LongText_IsShownShortened()
    {
        var shown = Reference.ToDisplayText("data:video/mp4;base64," + new string('A', 1_000_000));
        Assert.Equal(81, shown.Length);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.Equal("an empty text", Reference.ToDisplayText(""));
    }
}
