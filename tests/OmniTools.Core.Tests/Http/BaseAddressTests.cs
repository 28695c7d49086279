using OmniTools.Errors;
using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

public sealed class BaseAddressTests
{
    [Theory]
    [InlineData("https://toapis.com", "https://toapis.com/")]
    [InlineData("https://toapis.com/", "https://toapis.com/")]
    [InlineData("https://toapis.com/v1", "https://toapis.com/")]
    [InlineData("https://toapis.com/v1/", "https://toapis.com/")]
    [InlineData("https://proxy.example/omni/v1", "https://proxy.example/omni/")]
    [InlineData("http://localhost:8080", "http://localhost:8080/")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/")]
    public void BaseAddress_HttpsOrLoopback_IsTakenWithoutTheVersion(string text, string address) =>
        Assert.Equal(address.TrimEnd('/'), BaseAddress.Parse(text, "X").AbsoluteUri.TrimEnd('/'));

    [Theory]
    [InlineData("http://toapis.com")]
    [InlineData("http://localhost.example")]
    [InlineData("http://127.0.0.1.example")]
    [InlineData("http://192.168.1.2")]
    [InlineData("https://user:password@toapis.com")]
    [InlineData("https://toapis.com?x=1")]
    [InlineData("https://toapis.com#x")]
    [InlineData("ftp://toapis.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("toapis.com")]
    [InlineData("/v1")]
    [InlineData("")]
    public void BaseAddress_Other_IsRefusedWithItsSource(string text)
    {
        var error = Assert.Throws<OmniException>(() => BaseAddress.Parse(text, "TOAPIS_BASE_URL"));
        Assert.Equal((OmniErrorKind.InvalidConfiguration, "TOAPIS_BASE_URL"), (error.Kind, error.Field));
        Assert.Contains("https://", error.Allowed, StringComparison.Ordinal);
        Assert.Equal("Correct TOAPIS_BASE_URL: an https:// address, or http:// on this machine", error.NextStep);
        Assert.Contains("Nothing was sent or billed", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password@", error.Message, StringComparison.Ordinal);
    }
}
