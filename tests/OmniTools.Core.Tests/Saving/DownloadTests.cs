using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>
/// Faults of a result host, over real sockets: in the end the file is complete, or there is none.
/// </summary>
public sealed class DownloadTests
{
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 600_000, mark: "the clip");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_download_without_progress_is_aborted_after_30_seconds_and_resumed()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ApiMart);
        var clock = new TestTimeProvider();
        await using var client = new OmniClient(TestSettings.For(server),
            TestSettings.Options with { TimeProvider = clock, Randomizer = () => 0 });
        var task = await client.SubmitAsync(new() { Prompt = "a cat" }, null, Stop);
        server.Complete(task.Id!);
        server.Serve(task.Id + ".mp4", Content);
        task = await client.GetTaskAsync(task.Id!, null, Stop);
        server.Next(RequestKind.File, Fault.SlowDrip(40));
        var dripped = new TaskCompletionSource();
        var saving = client.SaveVideosAsync(task, new() { Folder = server.Folder["out"], Template = "clip" },
            new ProgressCallback(progress => { if (progress.Received == 40) dripped.TrySetResult(); }), Stop);
        await dripped.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(saving.IsCompleted);
        Assert.Single(server.Requests, request => request.IsFile);
        clock.Advance(TimeSpan.FromSeconds(2));
        var saved = Assert.Single(await saving.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.Equal(Content, await File.ReadAllBytesAsync(saved.Path, Stop));
        Assert.Equal("bytes=40-", server.Requests.Last(request => request.IsFile).Headers["Range"]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_download_whose_URL_is_gone_requests_a_new_URL_once_and_resumes(int status)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Serve("fresh.mp4", Content);
        fixture.Server.Complete(task.Id!, [$"{fixture.Server.BaseAddress}/files/fresh.mp4"]);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.Status(status));
        await fixture.AssertSavedAsync(task, Content);
        Assert.Equal(["/files/" + task.Id + ".mp4", "/files/" + task.Id + ".mp4", "/files/fresh.mp4"],
            fixture.Fetches.Select(fetch => fetch.Path));
        Assert.Contains("Range", fixture.Fetches.Last().Headers.Keys);
    }

    [Fact]
    public async Task A_URL_that_is_refused_before_it_expires_is_unavailable_and_not_lost()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Withdraw(task.Id + ".mp4");
        var refused = await fixture.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.Yes, task.Id),
            (refused.Kind, refused.Charged, refused.TaskId));
        Assert.Contains("can be saved again for nothing", refused.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("generate", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpConstants.MaximumAttempts, fixture.Fetches.Count());
        Assert.Empty(fixture.Files);
    }

    [Fact]
    public async Task A_URL_that_is_refused_three_times_and_served_then_is_saved()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, [.. Enumerable.Repeat(Fault.Status(403), 3)]);
        await fixture.AssertSavedAsync(task, Content);
    }

    [Fact]
    public async Task A_save_that_can_be_held_waits_for_a_URL_that_is_refused_for_minutes()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var began = fixture.Clock.GetUtcNow();
        fixture.Server.Next(RequestKind.File, [.. Enumerable.Repeat(Fault.Status(404), 30)]);
        await fixture.AssertSavedAsync(task, Content, fixture.Options with { HoldFor = TimeSpan.FromMinutes(10) });
        Assert.InRange((fixture.Clock.GetUtcNow() - began).TotalMinutes, 3, 10);
    }

    [Fact]
    public async Task A_URL_that_is_refused_after_it_expired_is_lost_and_leaves_nothing_behind()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File,
            [Fault.TruncatedBody, .. Enumerable.Repeat(Fault.Status(500), HttpConstants.MaximumAttempts)]);
        await fixture.RefusedAsync(task);
        Assert.Contains("clip.mp4.part", fixture.Files);
        fixture.Clock.Advance(TimeSpan.FromDays(400));
        fixture.Server.Withdraw(task.Id + ".mp4");
        var lost = await fixture.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.ResultExpired, task.Id), (lost.Kind, lost.TaskId));
        Assert.Contains("billed again", lost.NextStep, StringComparison.Ordinal);
        Assert.Empty(fixture.Files);
    }

    [Fact]
    public async Task A_new_URL_with_each_answer_that_is_refused_each_time_ends_the_save()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(urls: ["https://127.0.0.1:1/never.mp4"]);
        var count = 0;
        fixture.Server.Next(RequestKind.File, [.. Enumerable.Repeat(Fault.Status(403), 100)]);
        void Renew() => fixture.Server.Complete(task.Id!, [$"{fixture.Server.BaseAddress}/files/{count++}.mp4"]);
        Renew();
        task = await fixture.Client.GetTaskAsync(task.Id!, null, Stop);
        Assert.Equal(OmniErrorKind.ProviderUnavailable, (await fixture.RefusedAsync(task)).Kind);
        Assert.InRange(fixture.Fetches.Count(), HttpConstants.MaximumAttempts, HttpConstants.MaximumAttempts + 1);
    }

    [Fact]
    public async Task A_download_requests_a_new_URL_when_the_known_one_has_expired()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var polls = fixture.Server.Tasks.Single().Polls;
        fixture.Clock.Advance(TimeSpan.FromDays(400));
        await fixture.AssertSavedAsync(task, Content);
        Assert.Equal(polls + 1, fixture.Server.Tasks.Single().Polls);
        Assert.Single(fixture.Fetches);
    }

    [Fact]
    public async Task A_download_that_is_no_video_is_refused_and_leaves_no_file()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.HtmlInsteadOfMp4);
        Assert.Contains("text/html", (await fixture.RefusedAsync(task)).Message, StringComparison.Ordinal);
        foreach (var wrong in new[] { "<html>a page with the type of a video</html>"u8.ToArray(), [], [0, 0, 0] })
        {
            fixture.Server.Serve(task.Id + ".mp4", wrong);
            var refused = await fixture.RefusedAsync(task);
            Assert.Equal((OmniErrorKind.OutputRefused, Charged.Yes), (refused.Kind, refused.Charged));
        }
        Assert.Empty(fixture.Files);
    }

    [Fact]
    public async Task A_download_that_is_too_large_is_refused_before_it_begins()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        Assert.Equal(OmniErrorKind.OutputRefused,
            (await fixture.RefusedAsync(task, fixture.Options with { MaximumBytes = Content.Length - 1 })).Kind);
        Assert.Empty(fixture.Files);
        await fixture.AssertSavedAsync(task, Content, fixture.Options with { MaximumBytes = Content.Length });
    }

    [Fact]
    public async Task A_download_of_unknown_length_is_taken_up_to_the_maximum()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.UnknownLength);
        var refused = await fixture.RefusedAsync(task, fixture.Options with { MaximumBytes = Content.Length - 1 });
        Assert.Equal((OmniErrorKind.OutputRefused, $"{Content.Length - 1} bytes"), (refused.Kind, refused.Allowed));
        Assert.Empty(fixture.Files);
        fixture.Server.Next(RequestKind.File, Fault.UnknownLength);
        await fixture.AssertSavedAsync(task, Content, fixture.Options with { MaximumBytes = Content.Length });
    }

    [Theory]
    [InlineData("//[")]
    [InlineData("//:99999/")]
    public async Task A_redirect_to_what_is_no_address_is_refused(string location)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.Redirect(location));
        var refused = await fixture.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.OutputRefused, Charged.Yes), (refused.Kind, refused.Charged));
    }

    [Fact]
    public async Task A_video_that_the_provider_no_longer_gives_with_a_new_URL_is_reported_as_lost()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var urls = new[] { "one.mp4", "two.mp4" }.Select(name => fixture.Server.Serve(name, Content)).ToList();
        fixture.Server.Complete(task.Id!, urls);
        task = await fixture.Client.GetTaskAsync(task.Id!, null, Stop);
        fixture.Server.Complete(task.Id!, urls[..1]);
        fixture.Server.Next(RequestKind.File, Fault.Status(403));
        var lost = await fixture.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.ResultExpired, Charged.Yes, task.Id), (lost.Kind, lost.Charged, lost.TaskId));
        Assert.Contains("clip-1.mp4", fixture.Files);
    }

    private sealed class ProgressCallback(Action<SaveProgress> report) : IProgress<SaveProgress>
    {
        public void Report(SaveProgress value) => report(value);
    }
}
