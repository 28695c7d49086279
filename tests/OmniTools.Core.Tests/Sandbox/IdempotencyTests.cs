using OmniTools.Core.Tests.Submitting;
using OmniTools.Files;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class IdempotencyTests : IDisposable
{
    private const int Rounds = 500;

    private readonly SandboxFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory, BothContracts]
    public async Task The_same_key_again_is_the_same_task_in_any_process(Contract contract)
    {
        var first = await fixture.SubmitAsync(contract, key: "k");
        fixture.Clock.Advance(SandboxFixture.Generation * 2);
        using var later = fixture.NewProcess();
        var again = await later.SubmitAsync(contract, "other words", key: "k");

        Assert.Equal(first.Bytes, again.Bytes);
        Assert.False(first.IsReplay);
        Assert.Equal(contract == Contract.ApiMart, again.IsReplay);
        Assert.Single(Directory.GetFiles(fixture.Store, "*.json"));
    }

    [Theory, BothContracts]
    public async Task Other_keys_and_no_key_are_tasks_of_their_own(Contract contract)
    {
        string?[] keys = ["k", "K", "k2", null, null];
        var ids = new List<string>();
        foreach (var key in keys)
            ids.Add(await fixture.MadeAsync(contract, key: key));

        Assert.Equal(keys.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches(
            contract == Contract.ToApis ? "^video_01J[0-9A-HJKMNP-TV-Z]{23}$" : "^task_01K[0-9A-HJKMNP-TV-Z]{23}$",
            id));
    }

    [Fact]
    public async Task A_key_used_at_both_providers_is_two_tasks()
    {
        await fixture.MadeAsync(Contract.ToApis, key: "k");
        await fixture.MadeAsync(Contract.ApiMart, key: "k");

        Assert.Equal(2, Directory.GetFiles(fixture.Store, "*.json").Length);
    }

    [Theory, BothContracts]
    public async Task Handlers_that_are_given_one_key_at_the_same_time_make_one_task(Contract contract)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"k{round}";
            using var start = new Barrier(4);
            var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
            {
                using var other = fixture.NewProcess();
                start.SignalAndWait();
                return other.SubmitAsync(contract, key: key).GetAwaiter().GetResult();
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.All(replies, reply => Assert.Equal(200, reply.Status));
            Assert.Single(replies.Select(reply => SandboxFixture.IdOf(contract, reply)).Distinct());
            if (contract == Contract.ApiMart)
                Assert.Single(replies, reply => !reply.IsReplay);
        }
        Assert.Equal(Rounds, Directory.GetFiles(fixture.Store, "*.json").Length);
        Assert.Empty(Directory.GetFiles(fixture.Store, "*.tmp"));
    }

    [Fact]
    public async Task ToAPIs_finds_a_task_by_its_key_and_APIMart_does_not()
    {
        var id = await fixture.MadeAsync(Contract.ToApis, key: "shot:1");
        await fixture.MadeAsync(Contract.ApiMart, key: "shot:1");

        var found = await fixture.GetAsync(Contract.ToApis, "shot%3A1");
        Assert.Equal(id, (string)found.Json["id"]!);
        Assert.Equal("shot:1", (string)found.Json["client_business_id"]!);
        SandboxErrorTests.Refused(await fixture.GetAsync(Contract.ToApis, "shot"), 404, "not_found_error");
        SandboxErrorTests.Refused(await fixture.GetAsync(Contract.ApiMart, "shot:1"), 404, "not_found_error");
    }

    [Theory, BothContracts]
    public async Task A_task_outlives_the_handler_that_made_it(Contract contract)
    {
        var first = fixture.NewProcess();
        var id = await first.MadeAsync(contract);
        first.Dispose();
        using var later = fixture.NewProcess();

        fixture.Clock.Advance(SandboxFixture.Generation);
        Assert.Equal("completed", SandboxFixture.StatusOf(contract, await later.GetAsync(contract, id)));
    }

    [Theory, BothContracts]
    public async Task Only_the_user_can_read_what_is_kept(Contract contract)
    {
        await fixture.MadeAsync(contract);

        if (OperatingSystem.IsWindows())
        {
            Assert.True(WindowsAccess.IsPrivate(Assert.Single(Directory.GetFiles(fixture.Store, "*.json"))));
            return;
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(fixture.Store));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Assert.Single(Directory.GetFiles(fixture.Store, "*.json"))));
    }
}
