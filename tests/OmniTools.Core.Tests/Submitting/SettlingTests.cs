using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Storage.Sqlite;
using OmniTools.Core.Tests.Http;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// A request given again: who joins it, how long it can be settled, and when the ledger cannot be counted on.
/// </summary>
public sealed class SettlingTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", RequestKey = "k1" };

    [Fact]
    public async Task SubmitAsync_KeyInProgress_RefusesOtherContentAndLetsJoinedCallersCancel()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ApiMart);
        world.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var first = world.Client.SubmitAsync(Cat);
        await world.Server.WhenRequestAsync(request => request.IsSubmit);
        var other =
            await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat with { Prompt = "a dog" }));
        Assert.Equal((OmniErrorKind.DuplicateRequest, "request_key", "k1", false),
            (other.Kind, other.Field, other.Received, other.WasSent));

        using var leave = new CancellationTokenSource();
        var joined = world.Client.SubmitAsync(Cat, cancellationToken: leave.Token);
        var stays = world.Client.SubmitAsync(Cat);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joined);
        world.Server.Release();
        Assert.Equal((await first).Id, (await stays).Id);
        Assert.Single(world.Server.Requests);
    }

    [Fact]
    public async Task SubmitAsync_CancelledBefore_RecordsAndSendsNothing()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => world.Client.SubmitAsync(Cat, cancellationToken: new(canceled: true)));
        Assert.Empty(world.Client.ListTasks());
        Assert.Empty(world.Server.Requests);
    }

    [Fact]
    public async Task SubmitAsync_ProviderCannotBeAsked_StaysUnknownAndSendsNothing()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 8)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        var error = await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true, "k1", 500),
            (error.Kind, error.Charged, error.WasSent, error.RequestKey, error.HttpStatus));
        Assert.Single(world.Server.Requests, request => request.IsSubmit);
    }

    [Fact]
    public async Task SubmitAsync_EveryConnectionDropped_LooksTheOutcomeUpFourTimes()
    {
        using var dropping = new RawServer();
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        var settings = world.Settings.Providers["toapis"] with { BaseAddress = dropping.Address };
        await using var client = world.NewProcess(
            world.Settings with { Providers = new Dictionary<string, ProviderSettings> { ["toapis"] = settings } });
        Assert.Equal(OmniErrorKind.OutcomeUnknown,
            (await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat))).Kind);
        Assert.Equal(["POST", "GET", "GET", "GET", "GET"], dropping.Requests.Select(request => request.Split(' ')[0]));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task SubmitAsync_Replay_IsSentFor24HoursAtMost(long milliseconds, bool isSent)
    {
        await using var world = await ClientFixture.StartAsync(Contract.ApiMart);
        var sent = world.Clock.GetUtcNow();
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        world.Clock.AdvanceTo(sent + LedgerConstants.SettlementWindow + TimeSpan.FromMilliseconds(milliseconds));
        var error = (OmniException?)await Record.ExceptionAsync(() => world.Client.SubmitAsync(Cat));
        Assert.Equal(isSent ? null : "OutcomeUnknown, Unknown, True",
            error is null ? null : $"{error.Kind}, {error.Charged}, {error.WasSent}");
        Assert.Equal(isSent ? 5 : 4, world.Server.Requests.Count);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task SubmitAsync_ClockBehindTheLedger_IsToleratedFor5Minutes(long milliseconds,
    bool isSent)
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        await world.Client.SubmitAsync(Cat);
        var behind = new TestTimeProvider(
            world.Clock.GetUtcNow() - LedgerConstants.ClockTolerance - TimeSpan.FromMilliseconds(milliseconds))
        {
            AutoAdvance = true,
        };
        await using var client = new OmniClient(world.Settings, TestSettings.Options with { TimeProvider = behind });
        var error =
            (OmniException?)await Record.ExceptionAsync(() => client.SubmitAsync(Cat with { RequestKey = "k2" }));
        Assert.Equal(isSent ? null : "after 2026-05-20 12:00:00 UTC", error?.Allowed);
        Assert.Equal(isSent ? null : "2026-05-20 11:54:59 UTC", error?.Received);
        Assert.Equal(isSent ? 2 : 1, world.Server.Creates);
    }

    [Fact]
    public async Task SubmitAsync_ClockSetBackADay_SettlesNothingAndNamesTheClock()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        world.Server.Next(RequestKind.Post, Fault.ResetBeforeAccepting);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        await using var behind = new OmniClient(world.Settings,
            TestSettings.Options with
            {
                TimeProvider = new TestTimeProvider(world.Clock.GetUtcNow().AddDays(-1)) { AutoAdvance = true },
            });
        var error = await Assert.ThrowsAsync<OmniException>(() => behind.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Contains("clock is behind", error.Message, StringComparison.Ordinal);
        Assert.NotNull((await world.Client.SubmitAsync(Cat)).Id);
        Assert.Equal(1, world.Server.Creates);
    }

    [Fact]
    public async Task GetSpending_ClockBehindTheLedger_ReportsTheDayOfTheLimits()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        world.Clock.AdvanceTo(new DateTimeOffset(2026, 5, 21, 0, 1, 0, TimeSpan.Zero));
        await world.Client.SubmitAsync(Cat);
        await using var behind = new OmniClient(world.Settings,
            TestSettings.Options with
            {
                TimeProvider = new TestTimeProvider(new DateTimeOffset(2026, 5, 20, 23, 58, 0, TimeSpan.Zero)),
            });
        Assert.All([behind.GetSpending(), behind.PlanSubmission(Cat).Spend],
            spend => Assert.Equal((1, 22), (spend.Videos, spend.ResetsAt.Day)));
    }

    [Fact]
    public async Task A_ledger_written_by_a_newer_version_is_refused_with_the_next_step()
    {
        await using var world = await ClientFixture.StartAsync(Contract.ToApis);
        await world.Client.ListTasksAsync();
        await using (var database = new SqliteDatabase(world.Server.Folder["home/ledger.db"], world.Clock))
        await using (var session = await database.OpenAsync(isWrite: true, default))
        {
            await session.ExecuteAsync("UPDATE omni_schema SET version = 9, minimum_version = 9");
            await session.CommitAsync();
        }
        await using var client = world.NewProcess();
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_LEDGER or OMNI_HOME",
            world.Server.Folder["home/ledger.db"], Charged.No, false),
            (error.Kind, error.Field, error.Received, error.Charged, error.WasSent));
        Assert.Contains("Update", error.NextStep, StringComparison.Ordinal);
        Assert.Empty(world.Server.Requests);
    }
}
