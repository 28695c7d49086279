using System.Text.Json;
using OmniTools.Ledger;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What is learned from the price of a clip that was paid for.</summary>
public sealed class PaidClipTests
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
}
