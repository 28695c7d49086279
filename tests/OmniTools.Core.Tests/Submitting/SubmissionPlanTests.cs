using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Submitting;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// What a plan says about the ledger and about refusals, compared with what the submission then does.
/// </summary>
public sealed class SubmissionPlanTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    [Fact]
    public async Task Plan_WithANewKey_HasNoExistingTaskAndNoRefusal()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);

        var plan = fixture.Client.PlanSubmission(Cat with { RequestKey = "k1" });

        Assert.Null(plan.Existing);
        Assert.Null(plan.Error);
    }

    [Theory, BothContracts]
    public async Task Plan_WithAKnownKey_ShowsTheTaskThatSubmittingReturns(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        var task = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });

        var plan = fixture.Client.PlanSubmission(Cat with { RequestKey = "k1" });

        Assert.Equal(task.Id, plan.Existing?.Id);
        Assert.Null(plan.Error);
    }

    [Fact]
    public async Task Plan_WithAKeyOfOtherContent_ShowsTheRefusal()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });

        await AssertSameRefusalAsync(fixture.Client, new() { Prompt = "a dog", RequestKey = "k1" },
            OmniErrorKind.DuplicateRequest);
    }

    [Fact]
    public async Task Plan_WithTheLimitReached_ShowsTheRefusalButNotForAKnownKey()
    {
        await using var fixture =
            await ClientFixture.StartAsync(Contract.ToApis, settings => settings with { MaxVideosPerDay = "1" });
        await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });

        await AssertSameRefusalAsync(fixture.Client, Cat with { RequestKey = "k2" }, OmniErrorKind.LimitReached);
        Assert.Null(fixture.Client.PlanSubmission(Cat with { RequestKey = "k1" }).Error);
    }

    [Fact]
    public async Task Plan_WithAnUnsettledDuplicate_ShowsTheRefusalUnlessForced()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));

        await AssertSameRefusalAsync(fixture.Client, Cat, OmniErrorKind.DuplicateRequest);
        Assert.Null(fixture.Client.PlanSubmission(Cat, new() { AllowDuplicate = true }).Error);
        Assert.Null(fixture.Client.PlanSubmission(Cat with { RequestKey = "k2" }).Error);
        var again = fixture.Client.PlanSubmission(Cat with { RequestKey = "k1" });
        Assert.Equal((VideoTaskStatus.Unknown, null), (again.Existing?.Status, again.Error));
    }

    [Theory, BothContracts]
    public async Task Plan_WithAnUnknownRequestOfYesterday_ShowsTheRefusalWhereTheProviderCannotBeAsked(
        Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" }));
        fixture.Clock.Advance(TimeSpan.FromHours(25));

        if (contract == Contract.ApiMart)
            await AssertSameRefusalAsync(fixture.Client, Cat with { RequestKey = "k1" }, OmniErrorKind.OutcomeUnknown);
        else
            Assert.Null(fixture.Client.PlanSubmission(Cat with { RequestKey = "k1" }).Error);
    }

    [Fact]
    public async Task Plan_WithAKnownKeyAndNoProvider_IsForTheProviderItWasSentTo()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var task = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        await using var client = fixture.NewProcess(fixture.Settings with
        {
            DefaultProvider = "toapis",
            Providers = new Dictionary<string, ProviderSettings>(fixture.Settings.Providers)
            {
                ["toapis"] = fixture.Settings.Providers["apimart"],
            },
        });

        foreach (var provider in new[] { null, "", " ", "apimart" })
        {
            var plan = client.PlanSubmission(Cat with { RequestKey = "k1", Provider = provider });
            Assert.Equal(("apimart", task.Id, null), (plan.Provider, plan.Existing?.Id, plan.Error));
        }
        await AssertSameRefusalAsync(client, Cat with { RequestKey = "k1", Provider = "toapis" },
            OmniErrorKind.DuplicateRequest);
    }

    [Fact]
    public void PreparedSubmission_Content_IsReadOnce()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.png", [1, 2, 3]);
        var spec = ModelCatalog.Provider("toapis");
        var wanted = new PreparedSubmission(
            new(new() { Model = "m", FirstFrame = path }, spec, spec.OtherModels, []), "k1", true, false, null);
        var content = wanted.Content;
        File.Delete(path);
        Assert.Equal(content, wanted.Content);
    }

    [Fact]
    public async Task Plan_WithAClockBeforeTheLedger_ShowsTheRefusal()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await fixture.Client.SubmitAsync(Cat);
        await using var behind = new OmniClient(fixture.Settings,
            TestSettings.Options with
            {
                TimeProvider = new TestTimeProvider(fixture.Clock.GetUtcNow() - TimeSpan.FromDays(1)),
            });

        await AssertSameRefusalAsync(behind, new() { Prompt = "a dog" }, OmniErrorKind.LedgerUnavailable);
    }

    [Fact]
    public async Task Plan_WithoutAnApiKey_ShowsTheRefusal()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        await using var client =
            fixture.NewProcess(fixture.Settings with { Providers = new Dictionary<string, ProviderSettings>() });

        await AssertSameRefusalAsync(client, Cat, OmniErrorKind.Authentication);
    }

    private static async Task AssertSameRefusalAsync(OmniClient client, VideoRequest request, OmniErrorKind kind)
    {
        var planned = client.PlanSubmission(request).Error;
        var thrown = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(request));
        Assert.Equal(kind, thrown.Kind);
        Assert.Equal(thrown.Message, planned?.Message);
    }
}
