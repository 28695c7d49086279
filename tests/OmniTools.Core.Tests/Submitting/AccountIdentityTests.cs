using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// An unknown request is settled and replayed only by whom it was sent to: another account or address has never heard
/// of it.
/// </summary>
public sealed class AccountIdentityTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", RequestKey = "k1" };

    [Theory, BothContracts]
    public async Task A_changed_base_address_neither_settles_nor_replays_a_request(Contract contract)
    {
        await using var fixture = await UnknownAsync(contract);
        await using var elsewhere = await LoopbackProvider.StartAsync(contract);
        await using var other =
            fixture.NewProcess(With(fixture, settings => settings with { BaseAddress = elsewhere.BaseAddress }));
        // The key is the same: it is a gateway's, or the address was mistyped.
        elsewhere.Next(RequestKind.Get, NotFound, NotFound);

        var variable = $"{fixture.Server.ProviderId.ToUpperInvariant()}_BASE_URL";
        var error = await Assert.ThrowsAsync<OmniException>(() => other.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true, "k1"),
            (error.Kind, error.Charged, error.WasSent, error.RequestKey));
        Assert.Equal((variable, elsewhere.BaseAddress, fixture.Server.BaseAddress),
            (error.Field, error.Received, error.Allowed));
        Assert.Contains($"Set {variable} back", error.NextStep, StringComparison.Ordinal);
        await StaysUnknownAsync(fixture, other, contract);
        Assert.Equal(1, fixture.Server.Creates + elsewhere.Creates);
    }

    [Theory, BothContracts]
    public async Task A_changed_account_neither_settles_nor_replays_a_request(Contract contract)
    {
        await using var fixture = await UnknownAsync(contract);
        await using var other = fixture.NewProcess(
            With(fixture, settings => settings with { Key = new ApiKey("sk-of-another-account-0123456789") }));
        // The server takes one key only; another account's reads find nothing.
        fixture.Server.Next(RequestKind.Get, NotFound, NotFound);

        var variable = $"{fixture.Server.ProviderId.ToUpperInvariant()}_API_KEY";
        var error = await Assert.ThrowsAsync<OmniException>(() => other.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, variable),
            (error.Kind, error.Charged, error.Field));
        Assert.Contains($"Set {variable} back", error.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", error.ToString(), StringComparison.Ordinal);
        await StaysUnknownAsync(fixture, other, contract);
        Assert.Equal(1, fixture.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_changed_address_and_account_are_named_and_restoring_them_settles_the_request(Contract contract)
    {
        await using var fixture = await UnknownAsync(contract);
        await using var elsewhere = await LoopbackProvider.StartAsync(contract);
        await using (var other = fixture.NewProcess(TestSettings.For(elsewhere) with { Home = fixture.Settings.Home }))
        {
            var error = await Assert.ThrowsAsync<OmniException>(() => other.SubmitAsync(Cat));
            Assert.Contains("_BASE_URL and ", error.Field, StringComparison.Ordinal);
            Assert.EndsWith("_API_KEY", error.Field, StringComparison.Ordinal);
        }
        await using var back =
            fixture.NewProcess(With(fixture,
                settings => settings with { BaseAddress = settings.BaseAddress + "/v1/" }));
        Assert.Equal(fixture.Server.Tasks.Single().Id, (await back.SubmitAsync(Cat)).Id);
        Assert.Equal((1, 0), (fixture.Server.Creates, elsewhere.Creates));
    }

    [Fact]
    public async Task A_task_that_is_found_settles_the_request_wherever_it_was_found()
    {
        await using var fixture = await UnknownAsync(Contract.ToApis);
        await using var moved = await LoopbackProvider.StartAsync(Contract.ToApis);
        moved.Next(RequestKind.Get,
            Fault.Status(200, """{"id":"video_1","client_business_id":"k1","status":"queued"}"""));
        await using var other = fixture.NewProcess(TestSettings.For(moved) with { Home = fixture.Settings.Home });
        Assert.Equal("video_1", (await other.SubmitAsync(Cat)).Id);
    }

    [Theory, BothContracts]
    public async Task The_ledger_holds_the_address_and_an_account_fingerprint_and_not_the_key(
    Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        await fixture.Client.SubmitAsync(Cat);
        var intent = (await fixture.RecordAsync("k1")).Sent!;
        Assert.Equal(fixture.Server.BaseAddress, intent.BaseAddress);
        Assert.Matches("^[0-9a-f]{8}$", intent.Account);
        Assert.Equal(new ApiKey($" {fixture.Server.ApiKey}").GetFingerprint(fixture.Server.ProviderId), intent.Account);
        Assert.NotEqual(new ApiKey(fixture.Server.ApiKey).GetFingerprint("another"), intent.Account);
        Assert.NotEqual(new ApiKey(fixture.Server.ApiKey + "0").GetFingerprint(fixture.Server.ProviderId),
            intent.Account);
        Assert.DoesNotContain(intent.Account!, fixture.Server.ApiKey, StringComparison.OrdinalIgnoreCase);
    }

    private static Fault NotFound =>
        Fault.Status(404, """{"error":{"code":404,"message":"task not found","type":"not_found_error"}}""");

    // Sold, and nobody knows: the answers were lost and nobody could be asked.
    private static async Task<ClientFixture> UnknownAsync(Contract contract)
    {
        var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        fixture.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(Cat));
        fixture.Server.Forget();
        Assert.Equal((VideoTaskStatus.Unknown, 1), (fixture.Client.FindTask("k1")!.Status, fixture.Server.Creates));
        return fixture;
    }

    private static async Task StaysUnknownAsync(ClientFixture fixture, OmniClient other, Contract contract)
    {
        // Asking alone is refused in the same words where it could settle; elsewhere it settles nothing anyway.
        var asked = (OmniException?)await Record.ExceptionAsync(() => other.GetTaskAsync("k1"));
        Assert.Equal(contract == Contract.ToApis ? OmniErrorKind.OutcomeUnknown : null, asked?.Kind);
        Assert.Equal(VideoTaskStatus.Unknown, other.FindTask("k1")!.Status);
        Assert.Equal(fixture.Server.Tasks.Single().Id, (await fixture.Client.SubmitAsync(Cat)).Id);
    }

    private static OmniSettings With(ClientFixture fixture, Func<ProviderSettings, ProviderSettings> change)
    {
        var id = fixture.Server.ProviderId;
        return fixture.Settings with
        {
            Providers = new Dictionary<string, ProviderSettings> { [id] = change(fixture.Settings.Providers[id]) },
        };
    }
}
