using System.Globalization;
using OmniTools.Http;

namespace OmniTools.Core.Tests.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string?, string?, double?> Forms => new()
    {
        { null, "2", 2 },
        { null, " 2 ", 2 },
        { null, "1.5", 1.5 },
        { null, "0", 0 },
        { null, "86400", 86400 },
        { "250", null, 0.25 },
        { "250.5", "9", 0.2505 },
        { "soon", "3", 3 },
        { "-1", "3", 3 },
        { null, "Wed, 20 May 2026 12:00:30 GMT", 30 },
        { null, " Wed, 20 May 2026 12:00:30 GMT ", 30 },
        { null, "Wednesday, 20-May-26 12:00:30 GMT", 30 },
        { null, "Wed May 20 12:00:30 2026", 30 },
        { null, "Wed, 20 May 2026 11:59:59 GMT", null },
        { null, "Sun, 20 May 2046 12:00:00 GMT", null },
        { null, "-2", null },
        { null, "NaN", null },
        { null, "Infinity", null },
        { null, "1e3", null },
        { null, "1,5", null },
        { null, "86401", null },
        { null, "99999999999999999999", null },
        { null, "a while", null },
        { null, "", null },
        { null, null, null },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void RetryAfter_EveryForm_IsReadAndNonsenseIsIgnored(string? milliseconds, string? value, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(milliseconds, value, Now)?.TotalSeconds);

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void RetryAfter_AnyCulture_IsReadTheSame(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            foreach (var row in Forms)
                Assert.Equal(row.Data.Item3, RetryAfter.Parse(row.Data.Item1, row.Data.Item2, Now)?.TotalSeconds);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void RetryAfter_BothHeaders_PrefersMilliseconds()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", "7");
        Assert.Equal(7, RetryAfter.Read(response.Headers, Now)?.TotalSeconds);
        response.Headers.TryAddWithoutValidation("retry-after-ms", "300");
        Assert.Equal(0.3, RetryAfter.Read(response.Headers, Now)?.TotalSeconds);
    }
}
