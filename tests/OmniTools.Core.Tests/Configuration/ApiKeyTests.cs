using System.Text;
using OmniTools.Configuration;
using OmniTools.Errors;
using Xunit;

namespace OmniTools.Core.Tests.Configuration;

public sealed class ApiKeyTests
{
    private const string Secret = "sk-very-secret-0123456789";

    [Fact]
    public void A_key_shows_itself_as_a_mask()
    {
        var key = new ApiKey(Secret);
        Assert.Equal("***", key.ToString());
        Assert.Equal("***", $"{key}");
        Assert.DoesNotContain(Secret, new ProviderSettings { Key = key }.ToString(), StringComparison.Ordinal);
        Assert.Empty(typeof(ApiKey).GetProperties());
    }

    [Fact]
    public void Blanks_around_a_key_are_taken_off() =>
        Assert.Equal("Bearer " + Secret, new ApiKey($"  {Secret}\n").ToAuthorizationHeader().ToString());

    [Theory]
    [InlineData("")]
    [InlineData("sk with blanks")]
    [InlineData("sk-ключ-0123")]
    [InlineData("sk-a\r\nX-Evil: 1")]
    public void A_key_that_cannot_be_one_is_refused_without_being_repeated(string secret)
    {
        var error = Assert.Throws<OmniException>(() => new ApiKey(secret).ToAuthorizationHeader());
        Assert.Equal(OmniErrorKind.Authentication, error.Kind);
        Assert.True(secret.Length == 0 || !error.ToString().Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_in_an_answer_is_masked_every_time()
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
    public void A_key_is_masked_however_json_spells_it_and_nothing_else_of_the_answer_changes(string answer,
    string masked)
    {
        const string Key = """sk-a/b\c"d!""";
        var bytes = Encoding.UTF8.GetBytes(answer.Replace("KEY", Key, StringComparison.Ordinal));
        Assert.Equal(masked, Encoding.UTF8.GetString(new ApiKey(Key).Mask(bytes)));
    }

    [Fact]
    public void Bytes_around_a_key_that_are_no_text_stay_as_they_are()
    {
        byte[] answer = [0xFF, .. Encoding.UTF8.GetBytes(Secret), 0xC3];
        Assert.Equal([0xFF, .. "***"u8, 0xC3], new ApiKey(Secret).Mask(answer));
    }

    [Fact]
    public void An_answer_without_the_key_is_passed_on_as_it_is()
    {
        var answer = new byte[] { 0xFF, 0x00, 0x41 };
        Assert.Same(answer, new ApiKey(Secret).Mask(answer));
    }
}
