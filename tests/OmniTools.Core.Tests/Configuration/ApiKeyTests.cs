using System.Text;
using OmniTools.Configuration;
using OmniTools.Errors;

namespace OmniTools.Core.Tests.Configuration;

public sealed class ApiKeyTests
{
    private const string Secret = "sk-very-secret-0123456789";

    [Fact]
    public void ApiKey_ToString_IsMasked()
    {
        var key = new ApiKey(Secret);
        Assert.Equal("***", key.ToString());
        Assert.Equal("***", $"{key}");
        Assert.DoesNotContain(Secret, new ProviderSettings { Key = key }.ToString(), StringComparison.Ordinal);
        Assert.Empty(typeof(ApiKey).GetProperties());
    }

    [Fact]
    public void ApiKey_BlanksAround_AreRemoved() =>
        Assert.Equal("Bearer " + Secret, new ApiKey($"  {Secret}\n").ToAuthorizationHeader().ToString());

    [Theory]
    [InlineData("")]
    [InlineData("sk with blanks")]
    [InlineData("sk-ключ-0123")]
    [InlineData("sk-a\r\nX-Evil: 1")]
    public void ApiKey_Invalid_IsRefusedWithoutBeingRepeated(string secret)
    {
        var error = Assert.Throws<OmniException>(() => new ApiKey(secret).ToAuthorizationHeader());
        Assert.Equal(OmniErrorKind.Authentication, error.Kind);
        Assert.True(secret.Length == 0 || !error.ToString().Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void ApiKey_InAResponse_IsMaskedEveryTime()
    {
        var masked = new ApiKey(Secret).Mask(Encoding.UTF8.GetBytes($"无效 {Secret} and {Secret}!"));
        Assert.Equal("无效 *** and ***!", Encoding.UTF8.GetString(masked));
    }

    [Theory]
    [InlineData("""{"message":"KEY"}""", """{"message":"***"}""")]
    [InlineData("""{"message":"bad sk-a\/b\\c\"d!","n":1}""", """{"message":"bad ***","n":1}""")]
    [InlineData("""{"message":"\u0073\u006B-\u0061\u002fb\u005Cc\u0022d\u0021"}""", """{"message":"***"}""")]
    [InlineData("""{"message":"sk-a\/b\\c\"d! sk-a/b\u005cc\"d!","prompt":"a cat \ud83d"}""",
        """{"message":"*** ***","prompt":"a cat \ud83d"}""")]
    [InlineData("""{"message":"sk-a\/b\\c\"d!","torn":""", """{"message":"***","torn":""")]
    [InlineData("""{"message":"sk-a\/b\\c\"d","line":"\n\u00","end":"\\""",
        """{"message":"sk-a\/b\\c\"d","line":"\n\u00","end":"\\""")]
    public void ApiKey_EscapedInJson_IsMaskedAndNothingElseChanges(string answer,
    string masked)
    {
        const string Key = """sk-a/b\c"d!""";
        var bytes = Encoding.UTF8.GetBytes(answer.Replace("KEY", Key, StringComparison.Ordinal));
        Assert.Equal(masked, Encoding.UTF8.GetString(new ApiKey(Key).Mask(bytes)));
    }

    [Fact]
    public void ApiKey_BetweenInvalidBytes_IsMaskedAndTheBytesStay()
    {
        byte[] answer = [0xFF, .. Encoding.UTF8.GetBytes(Secret), 0xC3];
        Assert.Equal([0xFF, .. "***"u8, 0xC3], new ApiKey(Secret).Mask(answer));
    }

    [Fact]
    public void ApiKey_NotInAResponse_LeavesItUnchanged()
    {
        var answer = new byte[] { 0xFF, 0x00, 0x41 };
        Assert.Same(answer, new ApiKey(Secret).Mask(answer));
    }
}
