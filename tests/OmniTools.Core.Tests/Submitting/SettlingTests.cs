using OmniTools.Configuration;
using OmniTools.Core.Tests.Http;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Storage.Sqlite;

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
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var first = fixture.Client.SubmitAsync(Cat);
        await fixture.Server.WhenRequestAsync(request => request.IsSubmit);
        var other =
            await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { Prompt = "a dog" }));
        Assert.Equal((OmniErrorKind.DuplicateRequest, "request_key", "k1", false),
            (other.Kind, other.Field, other.Received, other.WasSent));

        using var leave = new CancellationTokenSource();
        var joined = fixture.Client.SubmitAsync(Cat, cancellationToken: leave.Token);
        var stays = fixture.Client.SubmitAsync(Cat);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joined);
        fixture.Server.Release();
        Assert.Equal((await first).Id, (await stays).Id);
        Assert.Single(fixture.Server.Requests);
    }

    [Fact]
    public async Task SubmitAsync_CancelledBefore_RecordsAndSendsNothing()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => fixture.Client.SubmitAsync(Cat, cancellationToken: new(canceled: true)));
        Assert.Empty(fixture.Client.ListTasks());
        Assert.Empty(fixture.Server.Requests);
    }

    [Fact]
    public async Task SubmitAsync_ProviderCannotBeAsked_StaysUnknownAndSendsNothing()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 8)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true, "k1", 500),
            (error.Kind, error.Charged, error.WasSent, error.RequestKey, error.HttpStatus));
        Assert.Single(fixture.Server.Requests, request => request.IsSubmit);
    }

    [Fact]
    public async Task SubmitAsync_EveryConnectionDropped_LooksTheOutcomeUpFourTimes()
    {
        using var dropping = new RawServer();
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var settings = fixture.Settings.Providers["toapis"] with { BaseAddress = dropping.Address };
        await using var client = fixture.NewProcess(
            fixture.Settings with { Providers = new Dictionary<string, ProviderSettings> { ["toapis"] = settings } });
        Assert.Equal(OmniErrorKind.OutcomeUnknown,
            (await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat))).Kind);
        Assert.Equal(["POST", "GET", "GET", "GET", "GET"], dropping.Requests.Select(request => request.Split(' ')[0]));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task SubmitAsync_Replay_IsSentFor24HoursAtMost(long milliseconds, bool isSent)
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var sent = fixture.Clock.GetUtcNow();
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        fixture.Clock.AdvanceTo(sent + LedgerConstants.SettlementWindow + TimeSpan.FromMilliseconds(milliseconds));
        var error = (OmniException?)await Record.ExceptionAsync(() => fixture.Client.SubmitAsync(Cat));
        Assert.Equal(isSent ? null : "OutcomeUnknown, Unknown, True",
            error is null ? null : $"{error.Kind}, {error.Charged}, {error.WasSent}");
        Assert.Equal(isSent ? 5 : 4, fixture.Server.Requests.Count);
    }

    [Fact]
    public async Task SubmitAsync_ReplayThatIsHeldBeyond24Hours_IsNotSent()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        fixture.Clock.Advance(TimeSpan.FromHours(23));
        await AssertNotBoughtAgainAsync(fixture, RequestKind.Post, Fault.Status(502, "", ("Retry-After", "7200")));
    }

    [Fact]
    public async Task SubmitAsync_ProviderThatCannotBeAskedUntil24HoursHavePassed_IsNotSentToAgain()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetAfterAccepting);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        fixture.Clock.Advance(TimeSpan.FromHours(23));
        await AssertNotBoughtAgainAsync(fixture, RequestKind.Get, Fault.Status(502, "", ("Retry-After", "7200")));
    }

    [Theory, BothContracts]
    public async Task SubmitAsync_RequestOfUnknownOutcomeThatIsHeldFor24Hours_IsNotSentAgain(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        await AssertNotBoughtAgainAsync(fixture, RequestKind.Post, Fault.ResetAfterAccepting,
            Fault.Status(502, "", ("Retry-After", "86400")));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task SubmitAsync_ClockBehindTheLedger_IsToleratedFor5Minutes(long milliseconds,
    bool isSent)
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await fixture.Client.SubmitAsync(Cat);
        var behind = new TestTimeProvider(
            fixture.Clock.GetUtcNow() - LedgerConstants.ClockTolerance - TimeSpan.FromMilliseconds(milliseconds))
        {
            AutoAdvance = true,
        };
        await using var client = new OmniClient(fixture.Settings, TestSettings.Options with { TimeProvider = behind });
        var error =
            (OmniException?)await Record.ExceptionAsync(() => client.SubmitAsync(Cat with { RequestKey = "k2" }));
        Assert.Equal(isSent ? null : "after 2026-05-20 12:00:00 UTC", error?.Allowed);
        Assert.Equal(isSent ? null : "2026-05-20 11:54:59 UTC", error?.Received);
        Assert.Equal(isSent ? 2 : 1, fixture.Server.Creates);
    }

    [Fact]
    public async Task SubmitAsync_ClockSetBackADay_SettlesNothingAndNamesTheClock()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Server.Next(RequestKind.Post, Fault.ResetBeforeAccepting);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        await using var behind = new OmniClient(fixture.Settings,
            TestSettings.Options with
            {
                TimeProvider = new TestTimeProvider(fixture.Clock.GetUtcNow().AddDays(-1)) { AutoAdvance = true },
            });
        var error = await Assert.ThrowsAsync<OmniException>(() => behind.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Contains("clock is behind", error.Message, StringComparison.Ordinal);
        Assert.NotNull((await fixture.Client.SubmitAsync(Cat)).Id);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task GetSpending_ClockBehindTheLedger_ReportsTheDayOfTheLimits()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        fixture.Clock.AdvanceTo(new DateTimeOffset(2026, 5, 21, 0, 1, 0, TimeSpan.Zero));
        await fixture.Client.SubmitAsync(Cat);
        await using var behind = new OmniClient(fixture.Settings,
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
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await fixture.Client.ListTasksAsync();
        await using (var database = new SqliteDatabase(fixture.Server.Folder["home/ledger.db"], fixture.Clock))
        await using (var session = await database.OpenAsync(isWrite: true, default))
        {
            await session.ExecuteAsync("UPDATE omni_schema SET version = 9, minimum_version = 9");
            await session.CommitAsync();
        }
        await using var client = fixture.NewProcess();
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_LEDGER or OMNI_HOME",
            fixture.Server.Folder["home/ledger.db"], Charged.No, false),
            (error.Kind, error.Field, error.Received, error.Charged, error.WasSent));
        Assert.Contains("Update", error.NextStep, StringComparison.Ordinal);
        Assert.Empty(fixture.Server.Requests);
    }

    // By now the provider has forgotten the key.
    private static async Task AssertNotBoughtAgainAsync(ClientFixture fixture, RequestKind kind, params Fault[] faults)
    {
        (fixture.Server.HonoursKeys, fixture.Server.ReadLag) = (false, TimeSpan.FromDays(1000));
        fixture.Server.Next(kind, faults);
        var error = await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(Cat, new() { HoldFor = TimeSpan.FromHours(48) }));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown), (error.Kind, error.Charged));
        Assert.Equal(1, fixture.Server.Creates);
    }
}
