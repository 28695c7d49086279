using System.Text;
using OmniTools.Errors;
using OmniTools.Http;
using Xunit;

namespace OmniTools.Tests.Http;

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
        Assert.Equal("Bearer " + Secret, new ApiKey($"  {Secret}\n").ToHeader().ToString());

    [Theory]
    [InlineData("")]
    [InlineData("sk with blanks")]
    [InlineData("sk-ключ-0123")]
    [InlineData("sk-a\r\nX-Evil: 1")]
    public void A_key_that_cannot_be_one_is_refused_without_being_repeated(string secret)
    {
        var error = Assert.Throws<OmniException>(() => new ApiKey(secret).ToHeader());
        Assert.Equal(OmniErrorKind.Authentication, error.Kind);
        Assert.True(secret.Length == 0 || !error.ToString().Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_in_an_answer_is_masked_every_time()
    {
        var masked = new ApiKey(Secret).Mask(Encoding.UTF8.GetBytes($"无效 {Secret} and {Secret}!"));
        Assert.Equal("无效 *** and ***!", Encoding.UTF8.GetString(masked));
    }

    [Fact]
    public void An_answer_without_the_key_is_passed_on_as_it_is()
    {
        var answer = new byte[] { 0xFF, 0x00, 0x41 };
        Assert.Same(answer, new ApiKey(Secret).Mask(answer));
    }
}
