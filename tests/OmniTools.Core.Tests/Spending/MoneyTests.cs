using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Spending;

/// <summary>Every amount has its unit, and a unit that nobody states is not guessed.</summary>
public sealed class MoneyTests
{
    [Theory]
    [InlineData("apimart", 42.25, null, "422.5 credits, about $42.25", 422.5)]
    [InlineData("apimart", 42.25, 422.5, "422.5 credits, about $42.25", 422.5)]
    [InlineData("toapis", 42.25, null, "42.25 (the provider states no unit)", null)]
    [InlineData("toapis", 42.25, 8450.0, "8450 credits, about $42.25", 422.5)]
    [InlineData("toapis", null, null, "not reported", null)]
    public void Balance_HasTheUnitThatTheProviderStates(string provider, double? remaining, double? credits,
        string words, double? inCredits)
    {
        var balance = new Balance((decimal?)remaining, null, false) { Credits = (decimal?)credits };

        Assert.Equal(words, Money.FormatBalance(balance, ModelCatalog.Provider(provider)));
        Assert.Equal((decimal?)inCredits, Money.GetRemainingCredits(balance, ModelCatalog.Provider(provider)));
    }

    [Fact]
    public void Estimate_OfAnUnknownPrice_IsNotZero()
    {
        Assert.Equal("unknown price", Money.Price(null, ModelCatalog.Provider("apimart")));
        Assert.Equal("at most $1.00 (10 credits)", Money.Price(10, ModelCatalog.Provider("apimart")));
    }

    [Fact]
    public async Task GetBalanceAsync_ReadsCreditsWhereTheyAreStated()
    {
        await using var fixture = await Submitting.ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Balance = """
            {"success":true,"remain_balance":10.5,"used_balance":2.3,"remain_credits":2100,"unlimited_quota":false}
            """;

        Assert.Equal(2100, (await fixture.Client.GetBalanceAsync()).Credits);
    }

    [Fact]
    public async Task Spend_CountsClipsOfUnknownPrice()
    {
        await using var fixture = await Submitting.ClientFixture.StartAsync(Contract.ToApis);
        await fixture.Client.SubmitAsync(new VideoRequest { Prompt = "a cat" });

        Assert.Equal((1, 1, 0m),
            (fixture.Client.GetSpending().Videos, fixture.Client.GetSpending().UnknownPrices,
                fixture.Client.GetSpending()
            .Credits));
    }

    [Theory]
    [InlineData(0, Charged.No, 0)]
    [InlineData(10, Charged.Unknown, 10)]
    public async Task AFailedTaskAtApiMart_WithCreditsCostZero_WasNotBilled(int credits, Charged charged, int spent)
    {
        await using var fixture = await Submitting.ClientFixture.StartAsync(Contract.ApiMart);
        await fixture.Client.SubmitAsync(new VideoRequest { Prompt = "a cat", RequestKey = "k1" });
        var id = fixture.Server.Tasks.Single().Id;
        fixture.Server.Next(RequestKind.Get, Fault.Status(200, $$$$"""
            {"code":200,"data":{"id":"{{{{id}}}}","status":"failed","credits_cost":{{{{credits}}}},
             "error":{"code":"policy","message":"no"}}}
            """));

        var task = await fixture.Client.GetTaskAsync("k1");

        Assert.Equal((VideoTaskStatus.Failed, charged), (task.Status, task.Charged));
        Assert.Equal(spent, fixture.Client.GetSpending().Credits);
    }
}
