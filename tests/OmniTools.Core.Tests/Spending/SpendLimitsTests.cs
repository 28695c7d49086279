using System.Globalization;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Spending;

namespace OmniTools.Core.Tests.Spending;

public sealed class SpendLimitsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 23, 59, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("ten")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("99999999999")]
    public void A_clip_limit_that_is_no_number_stops_buying(string value)
    {
        var error = Assert.Throws<OmniException>(() => SpendLimits.FromSettings(Settings(videos: value)));
        Assert.Equal(OmniErrorKind.InvalidConfiguration, error.Kind);
        Assert.Equal("OMNI_MAX_VIDEOS_PER_DAY", error.Field);
        Assert.Equal(value, error.Received);
        Assert.Contains("Nothing was sent or billed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void A_credits_limit_is_read_alike_in_every_culture(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        Assert.Equal(12.5m, SpendLimits.FromSettings(Settings(credits: "12.5")).Credits);
        Assert.Equal("OMNI_MAX_CREDITS_PER_DAY",
            Assert.Throws<OmniException>(() => SpendLimits.FromSettings(Settings(credits: "12,5"))).Field);
    }

    [Fact]
    public void The_last_clip_within_the_limit_passes_and_the_next_is_refused_until_midnight_utc()
    {
        var limits = new SpendLimits(3, null);
        limits.Check((2, 0), null, Now);
        var error = Assert.Throws<OmniException>(() => limits.Check((3, 0), null, Now));
        Assert.Equal(OmniErrorKind.LimitReached, error.Kind);
        Assert.Contains("OMNI_MAX_VIDEOS_PER_DAY", error.Message, StringComparison.Ordinal);
        Assert.Contains("3 of 3", error.Message, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 5, 21, 0, 0, 0, TimeSpan.Zero), error.RetryAt);
        Assert.Contains("2026-05-21 00:00 UTC", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_zero_buys_nothing_on_any_day()
    {
        var error = Assert.Throws<OmniException>(() => new SpendLimits(0, null).Check((0, 0), null, Now));
        Assert.Null(error.RetryAt);
        Assert.StartsWith("Raise the limit OMNI_MAX_VIDEOS_PER_DAY;", error.NextStep);
    }

    [Fact]
    public void Credits_are_counted_with_the_estimate_of_the_clip_to_come()
    {
        var limits = new SpendLimits(null, 30);
        limits.Check((2, 20), 10, Now);
        var error = Assert.Throws<OmniException>(() => limits.Check((2, 20), 10.5m, Now));
        Assert.Contains("20 of 30 credits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ClipAboveTheLimit_DoesNotAdviseToWait()
    {
        foreach (var limits in new[] { new SpendLimits(null, 30), new SpendLimits(null, null) { Dollars = 3 } })
        {
            limits.Check((0, 0), 30, Now);
            var error = Assert.Throws<OmniException>(() => limits.Check((2, 20), 30.5m, Now));
            Assert.Equal((OmniErrorKind.LimitReached, null), (error.Kind, error.RetryAt));
            Assert.DoesNotContain("Wait", error.NextStep, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Under_a_credits_limit_a_clip_of_unknown_price_is_refused_and_the_clip_limit_is_named()
    {
        var error = Assert.Throws<OmniException>(() => new SpendLimits(null, 30).Check((0, 0), null, Now));
        Assert.Equal(OmniErrorKind.LimitReached, error.Kind);
        Assert.Contains("OMNI_MAX_VIDEOS_PER_DAY", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void OMNI_MAX_USD_PER_DAY_StopsTheClipThatWouldPassIt_AndOneOfUnknownPrice()
    {
        var limits = SpendLimits.FromSettings(Settings(usd: "2.50"));
        limits.Check((2, 20), 5, Now);
        var error = Assert.Throws<OmniException>(() => limits.Check((2, 20), 5.01m, Now));
        Assert.Equal((OmniErrorKind.LimitReached, "OMNI_MAX_USD_PER_DAY"), (error.Kind, error.Field));
        Assert.Contains("$2.00 of $2.50 were used today and this clip is estimated at $0.501", error.Message,
            StringComparison.Ordinal);
        Assert.Equal("OMNI_MAX_USD_PER_DAY", Assert.Throws<OmniException>(() => limits.Check((0, 0), null, Now)).Field);
        Assert.Equal("OMNI_MAX_USD_PER_DAY",
            Assert.Throws<OmniException>(() => SpendLimits.FromSettings(Settings(usd: "two"))).Field);
    }

    private static OmniSettings Settings(string? videos = null, string? credits = null, string? usd = null) =>
        new()
        {
            Home = "unused",
            OutputRoot = "unused",
            MaxVideosPerDay = videos,
            MaxCreditsPerDay =
        credits,
            MaxUsdPerDay = usd
        };
}
