using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Tracking;

/// <summary>Requests whose outcome nobody knew, and tasks made elsewhere, by asking the provider.</summary>
public sealed class SettlingTests : VideoTaskRefresherFixture
{
    [Fact]
    public async Task GetAsync_TaskMadeElsewhere_IsAdopted()
    {
        Assert.Equal(("toapis:id-1", "m2"),
            (await refresher.GetAsync("id-1", ToApis, Stop)) is var task ? (task.RequestKey, task.Model) : default);
        Assert.Equal("toapis:id-1", (await FindAsync("id-1")).RequestKey);
        answer = Report with { Id = "id-2", RequestKey = "their-key" };
        Assert.Equal("their-key", (await refresher.GetAsync("id-2", ToApis, Stop)).RequestKey);
        for (var i = 0; i < 2; i++)
            Assert.Equal("id-2", (await refresher.GetAsync("id-2", null, Stop)).Id);
        Assert.Equal(["adopted", "adopted"], await EventsAsync());
    }

    [Fact]
    public async Task GetAsync_IdOfAnUnknownRequest_SettlesIt()
    {
        await AbandonAsync();
        answer = Report with { RequestKey = "k1" };
        foreach (var task in new[] { await refresher.GetAsync("id-1", ToApis, Stop), await FindAsync("id-1") })
            Assert.Equal(("k1", "id-1", "a cat"), (task.RequestKey, task.Id, task.Prompt));
        Assert.Equal(["intended", "accepted"], await EventsAsync());
    }

    [Theory]
    [InlineData(false, 0, VideoTaskStatus.Failed)]
    [InlineData(false, 24 * 3600, VideoTaskStatus.Failed)]
    [InlineData(false, (24 * 3600) + 1, VideoTaskStatus.Unknown)]
    [InlineData(true, 0, VideoTaskStatus.InProgress)]
    [InlineData(true, (24 * 3600) + 1, VideoTaskStatus.InProgress)]
    public async Task GetAsync_UnknownRequest_IsSettledByItsKeyWhileTheProviderCanBeBelieved(bool isThere, int seconds,
    VideoTaskStatus status)
    {
        await AbandonAsync();
        clock.Advance(seconds == 0 ? LedgerConstants.ReadDelay : TimeSpan.FromSeconds(seconds));
        find = () => Task.FromResult(isThere ? Report with { Model = null } : null);
        var task = await refresher.GetAsync("k1", null, Stop);
        Assert.Equal((status, isThere ? "id-1" : null, "m"), (task.Status, task.Id, task.Model));
        Assert.Equal(status, (await FindAsync("k1")).Status);
        if (status == VideoTaskStatus.Failed)
        {
            Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No), (task.Error!.Kind, task.Error.Charged));
            Assert.Contains("nothing was billed", task.Error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GetAsync_AnswerThatComesWhenTheProviderCanNoLongerBeBelieved_SettlesNothing()
    {
        await AbandonAsync();
        clock.Advance(TimeSpan.FromHours(23));
        find = () =>
        {
            clock.Advance(TimeSpan.FromHours(2));
            return Task.FromResult<VideoTaskReport?>(null);
        };
        Assert.Equal(VideoTaskStatus.Unknown, (await refresher.GetAsync("k1", null, Stop)).Status);
    }

    [Theory]
    [InlineData(5, VideoTaskStatus.Failed)]
    [InlineData(6, VideoTaskStatus.Unknown)]
    public async Task GetAsync_ClockThatWasSetBack_CannotTellThatTheProviderStillKnowsTheKey(int minutes,
    VideoTaskStatus status)
    {
        await AbandonAsync();
        clock.Advance(LedgerConstants.ReadDelay);
        await using var ahead = Open(new TestTimeProvider(clock.GetUtcNow().AddMinutes(minutes)));
        await AbandonAsync("k2", store: ahead);
        find = () => Task.FromResult<VideoTaskReport?>(null);
        Assert.Equal(status, (await refresher.GetAsync("k1", null, Stop)).Status);
    }

    [Fact]
    public async Task GetAsync_RequestThatWasJustSent_IsNotCalledNeverAccepted()
    {
        await AbandonAsync("k0");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await AbandonAsync();
        clock.Advance(LedgerConstants.ReadDelay - TimeSpan.FromMilliseconds(1));
        find = () => Task.FromResult<VideoTaskReport?>(null);
        Assert.Equal(VideoTaskStatus.Unknown, (await refresher.GetAsync("k1", null, Stop)).Status);
        Assert.Equal(VideoTaskStatus.Failed, (await refresher.GetAsync("k0", null, Stop)).Status);
    }

    [Fact]
    public async Task GetAsync_RequestThatWasSettledAsNeverAccepted_IsOpenAgainWhenItIsThereAfterAll()
    {
        await AbandonAsync();
        clock.Advance(LedgerConstants.ReadDelay);
        find = () => Task.FromResult<VideoTaskReport?>(null);
        Assert.Equal(VideoTaskStatus.Failed, (await refresher.GetAsync("k1", null, Stop)).Status);
        answer = Report with { RequestKey = "k1" };
        Assert.Equal(VideoTaskStatus.InProgress, (await refresher.GetAsync("id-1", ToApis, Stop)).Status);
        Assert.Equal(VideoTaskStatus.InProgress, (await FindAsync("k1")).Status);
    }

    [Theory]
    [InlineData(true, VideoTaskStatus.Submitting)]
    [InlineData(false, VideoTaskStatus.Unknown)]
    public async Task GetAsync_RequestSentAgainMeanwhile_IsNotSettledByAnAnswerAboutTheTimeBefore(bool isRunning,
    VideoTaskStatus status)
    {
        await AbandonAsync();
        clock.Advance(LedgerConstants.ReadDelay);
        SubmissionLease? second = null;
        find = async () =>
        {
            second = await BeginAsync();
            if (!isRunning)
                await second.DisposeAsync();
            return null;
        };
        Assert.Equal(status, (await refresher.GetAsync("k1", null, Stop)).Status);
        Assert.Equal(["intended", "intended"], await EventsAsync());
        await second!.DisposeAsync();
    }
}
