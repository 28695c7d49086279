using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Tasks;
using OmniTools.Testing;
using OmniTools.Tests;
using Xunit;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>An outcome that cannot be recorded, while another submission of the same client is under way.</summary>
public sealed class UnrecordedTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_unknown_at_once_its_twin_is_refused_and_the_same_key_settles_it(bool isAnswered)
    {
        await using var world = await World.StartAsync(Contract.ApiMart);
        using var handler = new HoldsTheLock(world, "twin");
        await using var client = new OmniClient(world.Settings, new() { Time = world.Clock, Random = () => 0.5, Handler = handler });
        world.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var other = client.SubmitAsync(new VideoRequest { Prompt = "other" });
        await world.Server.WhenRequestAsync(request => request.IsSubmit);

        if (!isAnswered)
            world.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        var error = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(new VideoRequest { Prompt = "twin" }));
        Assert.Equal(isAnswered ? OmniErrorKind.LedgerUnavailable : OmniErrorKind.OutcomeUnknown, error.Kind);
        handler.Free();

        Assert.Equal(VideoTaskStatus.Unknown, client.Find(error.RequestKey!)!.Status);
        var again = await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(new VideoRequest { Prompt = "twin" }));
        Assert.Equal(OmniErrorKind.DuplicateRequest, again.Kind);
        // Nobody joins the file that keeps it under way for other processes.
        world.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var third = client.SubmitAsync(new VideoRequest { Prompt = "third" });
        await world.Server.WhenRequestAsync(request => request.IsSubmit && request.Body.Contains("third", StringComparison.Ordinal));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(world.Settings.Home, "ledger", "owners")).Length);
        Assert.NotNull((await client.SubmitAsync(new VideoRequest { Prompt = "twin", RequestKey = error.RequestKey })).Id);
        world.Server.Release();
        Assert.All(await Task.WhenAll(other, third), task => Assert.NotNull(task.Id));
        Assert.Equal(3, world.Server.Creates);
    }

    // Another process that holds the ledger's lock from the first POST of a prompt on.
    private sealed class HoldsTheLock(World world, string word) : DelegatingHandler(Wire.Handler())
    {
        private FileStream? held;

        public void Free() => held!.Dispose();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (held is null && request.Content is { } content && (await content.ReadAsStringAsync(cancellationToken)).Contains(word, StringComparison.Ordinal))
                held = new(Path.Combine(world.Settings.Home, "ledger", "ledger.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
