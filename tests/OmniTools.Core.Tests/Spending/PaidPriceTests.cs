using System.Text.Json;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Spending;

/// <summary>What clips cost.</summary>
public sealed class PaidPriceTests
{
    [Theory]
    [InlineData("apimart", 12, 9.0, 12)]
    [InlineData("apimart", 1_000_000, null, 1_000_000)]
    [InlineData("apimart", 1_000_001, null, null)]
    [InlineData("apimart", 0, 0.5, 5)]
    [InlineData("apimart", null, 100_000.0, 1_000_000)]
    [InlineData("apimart", null, 100_000.1, null)]
    [InlineData("apimart", null, 0.0, null)]
    [InlineData("apimart", -1, -1.0, null)]
    [InlineData("toapis", 200, null, 10)]
    [InlineData("unknown", 10, null, 10)]
    public void InCredits_ReportedPrice_IsConvertedUnlessItCannotBeTrue(string provider, int? credits, double? cost,
        int? price) =>
        Assert.Equal(price, PaidPrice.InCredits(provider, credits, (decimal?)cost));

    [Fact]
    public void HasSameInputs_AnotherKindOfInput_IsAnotherPrice()
    {
        var plain = new VideoRequest { Prompt = "a cat" };
        VideoRequest[] others =
        [
            plain with { Audio = true },
            plain with { Images = ["https://a.example/1.png"] },
            plain with { Videos = ["https://a.example/1.mp4"] },
            plain with { FirstFrame = "https://a.example/1.png" },
            plain with { LastFrame = "https://a.example/1.png" },
            plain with { ExtendFrom = "task-1" },
            plain with { Options = new Dictionary<string, JsonElement> { ["mode"] = JsonElement.Parse("\"pro\"") } },
        ];
        Assert.All(others, other => Assert.False(PaidPrice.HasSameInputs(plain, other)));
        Assert.All(others, other => Assert.True(PaidPrice.HasSameInputs(other with { Prompt = "a dog" }, other)));
    }

    [Theory]
    [InlineData(VideoTaskStatus.Queued, 10, null, 10)]
    [InlineData(VideoTaskStatus.Completed, 10, 12, 12)]
    [InlineData(VideoTaskStatus.Completed, 10, 0, 10)]
    [InlineData(VideoTaskStatus.Failed, 10, 0, 0)]
    [InlineData(VideoTaskStatus.Queued, 0, null, 0)]
    [InlineData(VideoTaskStatus.Queued, 1_000_000, null, 1_000_000)]
    [InlineData(VideoTaskStatus.Queued, null, null, null)]
    [InlineData(VideoTaskStatus.Queued, -5, -5, null)]
    [InlineData(VideoTaskStatus.Queued, 1_000_001, 1_000_001, null)]
    public void GetPrice_IsTheReportedOneElseTheEstimate(VideoTaskStatus status, int? estimate, int? credits,
        int? price)
    {
        var day = Day(new CountedRequest("k1", "apimart", status, estimate, credits, null),
            new CountedRequest("k2", "toapis", VideoTaskStatus.Queued, 3, null, null));
        Assert.Equal((price, (price ?? 0) + 3m), ((int?)day.Requests[0].GetPrice(), day.GetCredits()));
    }

    [Fact]
    public void GetPrice_IsInCreditsOfTheLimit_TenForOneDollar()
    {
        var day = Day(
            new CountedRequest("k1", "toapis", VideoTaskStatus.Completed, 10, 200, null),
            new CountedRequest("k2", "apimart", VideoTaskStatus.Completed, 10, 20, null),
            new CountedRequest("k3", "toapis", VideoTaskStatus.Completed, 10, null, 0.5m));

        Assert.Equal([10, 20, 5], day.Requests.Select(PaidPrice.GetPrice));
    }

    private static LedgerDay Day(params CountedRequest[] requests) =>
        new() { Clock = Noon, Newest = Noon, Requests = requests };
}
