using OmniTools.Batches;
using OmniTools.Configuration;

namespace OmniTools.Core.Tests.Batches;

/// <summary>
/// 2 where the same command can do more later, 1 where the command or the settings must change: a loop that repeats the
/// command while it is 2 comes to an end.
/// </summary>
public sealed class BatchExitCodeTests
{
    [Fact]
    public async Task ExitCode_LimitOfTheList_Is1AndTheSummarySaysWhatToChange()
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart);
        batch.WriteRows(3);
        var result = await batch.RunAsync(batch.Options() with { MaxVideos = 1 });
        Assert.Equal((1, 1, 2), (result.ExitCode, result.Saved, result.Open));
        Assert.All(result.Rows.Skip(1), row => Assert.Equal("Raise or remove -MaxVideos", row.NextStep));
        Assert.EndsWith("2 open rows: Raise or remove -MaxVideos", result.ToString());
        Assert.DoesNotContain("again", result.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Raise or remove -MaxVideos.", Assert.Single(batch.Notices));
    }

    [Fact]
    public async Task ExitCode_RowsThatNeedAChangeAndRowsThatNeedTime_Is2()
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart,
            settings => settings with { MaxVideosPerDay = "1" });
        batch.Write("Prompt,Model,RequestKey\na,,k1\nb,model-of-tomorrow,k2\nc,,k3\n");
        var options = batch.Options() with { MaxUsd = 50, RetryFor = TimeSpan.FromMinutes(1), ThrottleLimit = 1 };
        var result = await batch.RunAsync(options);
        Assert.Equal((2, 1, 2), (result.ExitCode, result.Saved, result.Open));
        Assert.Contains("Run again: Invoke-OmniVideoBatch shots.csv   1 open row: Name a model", result.ToString());
        batch.Clock.AdvanceTo(new(2026, 5, 21, 1, 0, 0, TimeSpan.Zero));
        result = await batch.RunAsync(options);
        Assert.Equal((1, 2, 1), (result.ExitCode, result.Saved, result.Open));
    }

    [Fact]
    public async Task ExitCode_LimitThatHasRoomAgainAtTheEnd_Is2()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.WriteRows(3);
        batch.Server.Next(RequestKind.Post, Fault.Status(400));
        var options = batch.Options() with { MaxVideos = 1 };
        // The first row has the only place while the second is looked at, and is refused afterwards.
        var result = await batch.RunAsync(options);
        Assert.Equal((2, 1, 2, 0), (result.ExitCode, result.Failed, result.Open, batch.Server.Creates));
        result = await batch.RunAsync(options);
        Assert.Equal((1, 1, 1, 1), (result.ExitCode, result.Saved, result.Open, batch.Server.Creates));
    }

    [Fact]
    public async Task ExitCode_ClipsAboveADailyLimit_Is1AndTheOthersAreBoughtAtOnce()
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart,
            settings => settings with { MaxUsdPerDay = "0.9" });
        // $1.00 and $0.07 by the catalog.
        batch.Write("Prompt,Model,RequestKey\na,,k1\nb,,k2\nc,veo3.1-lite,k3\n");
        var began = batch.Clock.GetUtcNow();
        var result = await batch.RunAsync(batch.Options() with { ThrottleLimit = 1 });
        Assert.Equal((1, 1, 2, 1), (result.ExitCode, result.Saved, result.Open, batch.Server.Creates));
        Assert.Contains("2 open rows: Raise the limit OMNI_MAX_USD_PER_DAY or choose a cheaper", result.ToString());
        Assert.True(batch.Clock.GetUtcNow() - began < TimeSpan.FromHours(1), "it waited for the next day");
    }

    [Fact]
    public async Task ExitCode_SettingThatCannotBeRead_Is1()
    {
        await using var batch =
            await BatchFixture.StartAsync(change: settings => settings with { MaxVideosPerDay = "many" });
        batch.WriteRows(3);
        var result = await batch.RunAsync();
        Assert.Equal((1, 3, 0), (result.ExitCode, result.Open, batch.Server.Creates));
        Assert.EndsWith("3 open rows: Correct or remove OMNI_MAX_VIDEOS_PER_DAY", result.ToString());
    }

    [Fact]
    public async Task ExitCode_NoApiKey_Is1()
    {
        await using var batch = await BatchFixture.StartAsync(
            change: settings => settings with { Providers = new Dictionary<string, ProviderSettings>() });
        batch.WriteRows(3);
        var result = await batch.RunAsync();
        Assert.Equal((1, 3), (result.ExitCode, result.Open));
        Assert.Contains("3 open rows: Set TOAPIS_API_KEY", result.ToString());
    }

    [Fact]
    public async Task RunBatchAsync_UnknownOutcomeBehindTheLimitOfTheList_IsSettled()
    {
        await using var batch = await BatchFixture.StartAsync();
        batch.Write("Prompt,RequestKey\nb,k2\n");
        batch.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        using var killed = new CancellationTokenSource();
        var first = batch.Client.RunBatchAsync(batch.Options(), batch.Observer, default, killed.Token);
        await batch.Server.WhenRequestAsync(request => request.IsSubmit);
        await killed.CancelAsync();
        Assert.Equal(2, (await first).ExitCode);
        batch.Write("Prompt,RequestKey\na,k1\nb,k2\n");
        Assert.Equal(1, (await batch.PlanAsync()).Unknown);
        var result = await batch.RunAsync(batch.Options() with { MaxVideos = 1 });
        Assert.Equal([VideoBatchRowState.ToSubmit, VideoBatchRowState.Saved], result.Rows.Select(row => row.State));
        Assert.Equal((1, 1), (result.ExitCode, batch.Server.Creates));
    }

    [Fact]
    public async Task ExitCode_OutcomeThatCanNoLongerBeSettled_Is1()
    {
        await using var batch = await BatchFixture.StartAsync(Contract.ApiMart);
        batch.WriteRows(1);
        batch.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 1000)]);
        var options = batch.Options() with { RetryFor = TimeSpan.FromMinutes(10) };
        Assert.Equal(2, (await batch.RunAsync(options)).ExitCode);
        batch.Clock.Advance(TimeSpan.FromHours(25));
        var result = await batch.RunAsync(options);
        Assert.Equal((1, 1, 1), (result.ExitCode, result.Open, batch.Server.Creates));
        Assert.EndsWith("submit with a new request key", result.ToString());
    }
}
