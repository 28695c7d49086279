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
        await using var world = await UnknownAsync(contract);
        await using var elsewhere = await LoopbackProvider.StartAsync(contract);
        await using var other =
            world.NewProcess(With(world, settings => settings with { BaseAddress = elsewhere.BaseAddress }));
        // The key is the same: it is a gateway's, or the address was mistyped.
        elsewhere.Next(RequestKind.Get, NotFound, NotFound);

        var variable = $"{world.Server.ProviderId.ToUpperInvariant()}_BASE_URL";
        var error = await Assert.ThrowsAsync<OmniException>(() => other.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, true, "k1"),
            (error.Kind, error.Charged, error.WasSent, error.RequestKey));
        Assert.Equal((variable, elsewhere.BaseAddress, world.Server.BaseAddress),
            (error.Field, error.Received, error.Allowed));
        Assert.Contains($"Set {variable} back", error.NextStep, StringComparison.Ordinal);
        await StaysUnknownAsync(world, other, contract);
        Assert.Equal(1, world.Server.Creates + elsewhere.Creates);
    }

    [Theory, BothContracts]
    public async Task A_changed_account_neither_settles_nor_replays_a_request(Contract contract)
    {
        await using var world = await UnknownAsync(contract);
        await using var other = world.NewProcess(
            With(world, settings => settings with { Key = new ApiKey("sk-of-another-account-0123456789") }));
        // The server takes one key only; another account's reads find nothing.
        world.Server.Next(RequestKind.Get, NotFound, NotFound);

        var variable = $"{world.Server.ProviderId.ToUpperInvariant()}_API_KEY";
        var error = await Assert.ThrowsAsync<OmniException>(() => other.SubmitAsync(Cat));
        Assert.Equal((OmniErrorKind.OutcomeUnknown, Charged.Unknown, variable),
            (error.Kind, error.Charged, error.Field));
        Assert.Contains($"Set {variable} back", error.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", error.ToString(), StringComparison.Ordinal);
        await StaysUnknownAsync(world, other, contract);
        Assert.Equal(1, world.Server.Creates);
    }

    [Theory, BothContracts]
    public async Task A_changed_address_and_account_are_named_and_restoring_them_settles_the_request(Contract contract)
    {
        await using var world = await UnknownAsync(contract);
        await using var elsewhere = await LoopbackProvider.StartAsync(contract);
        await using (var other = world.NewProcess(TestSettings.For(elsewhere) with { Home = world.Settings.Home }))
        {
            var error = await Assert.ThrowsAsync<OmniException>(() => other.SubmitAsync(Cat));
            Assert.Contains("_BASE_URL and ", error.Field, StringComparison.Ordinal);
            Assert.EndsWith("_API_KEY", error.Field, StringComparison.Ordinal);
        }
        await using var back =
            world.NewProcess(With(world, settings => settings with { BaseAddress = settings.BaseAddress + "/v1/" }));
        Assert.Equal(world.Server.Tasks.Single().Id, (await back.SubmitAsync(Cat)).Id);
        Assert.Equal((1, 0), (world.Server.Creates, elsewhere.Creates));
    }

    [Fact]
    public async Task A_task_that_is_found_settles_the_request_wherever_it_was_found()
    {
        await using var world = await UnknownAsync(Contract.ToApis);
        await using var moved = await LoopbackProvider.StartAsync(Contract.ToApis);
        moved.Next(RequestKind.Get,
            Fault.Status(200, """{"id":"video_1","client_business_id":"k1","status":"queued"}"""));
        await using var other = world.NewProcess(TestSettings.For(moved) with { Home = world.Settings.Home });
        Assert.Equal("video_1", (await other.SubmitAsync(Cat)).Id);
    }

    [Theory, BothContracts]
    public async Task The_ledger_holds_the_address_and_an_account_fingerprint_and_not_the_key(
    Contract contract)
    {
        await using var world = await ClientFixture.StartAsync(contract);
        await world.Client.SubmitAsync(Cat);
        var intent = (await world.RecordAsync("k1")).Sent!;
        Assert.Equal(world.Server.BaseAddress, intent.BaseAddress);
        Assert.Matches("^[0-9a-f]{8}$", intent.Account);
        Assert.Equal(new ApiKey($" {world.Server.ApiKey}").GetFingerprint(world.Server.ProviderId), intent.Account);
        Assert.NotEqual(new ApiKey(world.Server.ApiKey).GetFingerprint("another"), intent.Account);
        Assert.NotEqual(new ApiKey(world.Server.ApiKey + "0").GetFingerprint(world.Server.ProviderId), intent.Account);
        Assert.DoesNotContain(intent.Account!, world.Server.ApiKey, StringComparison.OrdinalIgnoreCase);
    }

    private static Fault NotFound =>
        Fault.Status(404, """{"error":{"code":404,"message":"task not found","type":"not_found_error"}}""");

    // Sold, and nobody knows: the answers were lost and nobody could be asked.
    private static async Task<ClientFixture> UnknownAsync(Contract contract)
    {
        var world = await ClientFixture.StartAsync(contract);
        world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        world.Server.Next(RequestKind.Get, [.. Enumerable.Repeat(Fault.Status(500), 4)]);
        await Assert.ThrowsAsync<OmniException>(() => world.Client.SubmitAsync(Cat));
        world.Server.Forget();
        Assert.Equal((VideoTaskStatus.Unknown, 1), (world.Client.FindTask("k1")!.Status, world.Server.Creates));
        return world;
    }

    private static async Task StaysUnknownAsync(ClientFixture world, OmniClient other, Contract contract)
    {
        // Asking alone is refused in the same words where it could settle; elsewhere it settles nothing anyway.
        var asked = (OmniException?)await Record.ExceptionAsync(() => other.GetTaskAsync("k1"));
        Assert.Equal(contract == Contract.ToApis ? OmniErrorKind.OutcomeUnknown : null, asked?.Kind);
        Assert.Equal(VideoTaskStatus.Unknown, other.FindTask("k1")!.Status);
        Assert.Equal(world.Server.Tasks.Single().Id, (await world.Client.SubmitAsync(Cat)).Id);
    }

    private static OmniSettings With(ClientFixture world, Func<ProviderSettings, ProviderSettings> change)
    {
        var id = world.Server.ProviderId;
        return world.Settings with
        {
            Providers = new Dictionary<string, ProviderSettings> { [id] = change(world.Settings.Providers[id]) },
        };
    }
}
