using OmniTools.Configuration;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>One request is one clip, under one key, and nothing is bought that cannot be recorded.</summary>
public sealed class SubmitTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    [Theory, BothContracts]
    public async Task SubmitAsync_SameKeyTwice_ReturnsTheTaskWithoutASecondPost(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        var first = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        var second = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        await using var later = fixture.NewProcess();
        var third = await later.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal((first.Id, first.Id), (second.Id, third.Id));
        Assert.Single(fixture.Server.Requests, request => request.IsSubmit);
    }

    [Theory, BothContracts]
    public async Task SubmitAsync_SameKeyAtOnce_IsOneSubmission(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        var tasks = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" })));
        Assert.Single(tasks.Select(task => task.Id).Distinct());
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task SubmitAsync_SameKeyOtherContent_IsRefusedUnsent(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        var error = await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(new() { Prompt = "a dog", RequestKey = "k1" }));
        Assert.Equal((OmniErrorKind.DuplicateRequest, Charged.No, false), (error.Kind, error.Charged, error.WasSent));
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task SubmitAsync_DefaultGivenExplicitly_IsTheSameContent()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var first = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal(first.Id, (await fixture.Client.SubmitAsync(
            Cat with { RequestKey = "k1", AspectRatio = "16:9", Duration = 6, Resolution = "720p" })).Id);
    }

    [Fact]
    public async Task SubmitAsync_WithoutApiKey_RecordsAndSendsNothingAndNamesTheVariable()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await using var client =
            fixture.NewProcess(fixture.Settings with { Providers = new Dictionary<string, ProviderSettings>() });
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.Authentication, "TOAPIS_API_KEY"), (error.Kind, error.Field));
        Assert.Empty(client.ListTasks());
    }

    [Fact]
    public async Task SubmitAsync_ClockBeforeTheLedger_BuysNothing()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await fixture.Client.SubmitAsync(Cat);
        await using var client = new OmniClient(fixture.Settings,
            TestSettings.Options with
            {
                TimeProvider = new TestTimeProvider(fixture.Clock.GetUtcNow() - TimeSpan.FromHours(1)),
            });
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat with { Prompt = "more" }));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "clock"), (error.Kind, error.Field));
        Assert.Single(client.ListTasks());
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Fact]
    public async Task SubmitAsync_LedgerFolderCannotBeMade_BuysNothing()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var file = fixture.Server.Folder.Write("blocked", [1]);
        await using var client = fixture.NewProcess(fixture.Settings with { Home = file });
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_HOME"), (error.Kind, error.Field));
        Assert.Empty(fixture.Server.Requests);
    }

    [Fact]
    public async Task A_task_made_elsewhere_is_adopted_by_the_first_get_that_names_its_provider()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var id = (await fixture.Client.SubmitAsync(Cat)).Id!;
        await using var elsewhere = fixture.NewProcess(fixture.Settings with { Home = fixture.Server.Folder["other"] });
        Assert.Equal(OmniErrorKind.NotFound,
            (await Assert.ThrowsAsync<OmniException>(() => elsewhere.GetTaskAsync(id))).Kind);
        Assert.Equal(id, (await elsewhere.GetTaskAsync(id, "apimart")).Id);
        Assert.Equal(id, Assert.Single(elsewhere.ListTasks()).Id);
        Assert.Equal(VideoTaskStatus.Completed, (await elsewhere.GetTaskAsync(id)).Status);
        Assert.Equal(0, elsewhere.GetSpending().Videos);
    }

    [Theory, BothContracts]
    public async Task Two_processes_with_the_same_key_buy_once_and_refuse_other_content(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.HonoursKeys = false;
        await using var other = fixture.NewProcess();
        fixture.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var first = fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        await fixture.Server.WhenRequestAsync(request => request.IsSubmit);
        Assert.Equal(VideoTaskStatus.Submitting, (await other.SubmitAsync(Cat with { RequestKey = "k1" })).Status);
        Assert.Equal(OmniErrorKind.DuplicateRequest,
            (await Assert.ThrowsAsync<OmniException>(
            () => other.SubmitAsync(new() { Prompt = "a dog", RequestKey = "k1" }))).Kind);
        fixture.Server.Release();
        Assert.Equal((await first).Id, (await other.SubmitAsync(Cat with { RequestKey = "k1" })).Id);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_plan_shows_the_exact_body_and_sends_and_records_nothing(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        var plan = fixture.Client.PlanSubmission(Cat with { RequestKey = "k1" });
        Assert.Empty(fixture.Server.Requests);
        Assert.Empty(fixture.Client.ListTasks());
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        Assert.Equal(plan.Body, fixture.Server.Requests.Single().Body);
    }

    [Fact]
    public async Task SubmitAsync_WritesEachStepToTheTrace()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        var lines = new List<string>();
        VideoTask task;
        using (TraceSubscription.Start((level, line) => lines.Add($"{level} {line}")))
            task = await fixture.Client.SubmitAsync(Cat with { Model = "new-model", RequestKey = "k1" });
        Assert.Equal(
            [
                "Debug ledger: writing intent of k1", "Debug ledger: intent of k1 is on disk",
                "Verbose Submitting to toapis, model new-model, request key k1",
                "Debug ledger: writing outcome of k1", "Debug ledger: outcome of k1 is on disk",
                $"Verbose ToAPIs accepted request key k1 as task {task.Id}",
            ], lines.Where(line => line.Contains("k1", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("Verbose The model 'new-model'", StringComparison.Ordinal));
    }
}
