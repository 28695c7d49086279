using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Requests;

public sealed class RequestKeyTests
{
    [Fact]
    public void RequestKey_Create_IsValidUniqueAndOrderedByTime()
    {
        var clock = new TestTimeProvider();
        var keys = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            keys.Add(RequestKey.Create(clock));
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.All(keys, RequestKey.Validate);
        Assert.All(keys, key => Assert.Matches("^omni_[0-9a-f]{32}$", key));
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        Assert.NotEqual(RequestKey.Create(clock), RequestKey.Create(clock));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("shot-01:take_2.final")]
    public void RequestKey_Readable_IsAccepted(string key) => RequestKey.Validate(key);

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("é")]
    [InlineData("a\r\nb")]
    public void RequestKey_NotSafeInAHeader_IsRefused(string key)
    {
        var error = Assert.Throws<OmniException>(() => RequestKey.Validate(key));
        Assert.Equal((OmniErrorKind.InvalidRequest, "request_key"), (error.Kind, error.Field));
        Assert.Contains("Nothing was sent or billed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequestKey_MaximumLength_IsThatOfTheHeader()
    {
        RequestKey.Validate(new string('k', 191));
        Assert.Throws<OmniException>(() => RequestKey.Validate(new string('k', 192)));
    }

    [Fact]
    public void IsGenerated_DistinguishesCreatedKeysFromAUsers()
    {
        Assert.True(RequestKey.IsGenerated(RequestKey.Create(TimeProvider.System)));
        Assert.All(["shot-1", "omni_1", "omni_" + new string('x', 32), ""],
            key => Assert.False(RequestKey.IsGenerated(key)));
    }
}
