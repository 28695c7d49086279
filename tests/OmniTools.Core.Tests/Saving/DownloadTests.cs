using System.Globalization;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Saving;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Everything a result host can do wrong, over real sockets: the file is whole in the end, or it is not there.</summary>
public sealed class DownloadTests
{
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 600_000, mark: "the clip");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_truncated_body_is_continued_where_it_ended()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody);
        await SavesWholeAsync(desk, task, Content);
        var fetches = desk.Fetches.ToList();
        Assert.Equal(2, fetches.Count);
        Assert.Matches("^bytes=[1-9][0-9]*-$", fetches[1].Headers["Range"]);
        Assert.StartsWith("\"", fetches[1].Headers["If-Range"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 1, 900_000)]
    [InlineData(60, 66_000, 320_000)]
    public async Task A_file_cut_at_many_places_is_identical_and_hardly_a_byte_comes_twice(int count, int least, int most)
    {
        await using var desk = await Desk.StartAsync();
        var content = Mp4Sample.Bytes(filler: 20_000_000, mark: "long");
        var task = await desk.CompletedAsync(content);
        var random = new Random(7);
        var cuts = Enumerable.Range(0, count).Select(_ => random.Next(least, most)).ToList();
        desk.Server.Next(RequestKind.File, [.. cuts.Select(Fault.CutAfter)]);
        await SavesWholeAsync(desk, task, content);
        var starts = desk.Fetches.Select(fetch => fetch.Headers.TryGetValue("Range", out var range) ? long.Parse(range[6..^1], CultureInfo.InvariantCulture) : 0).ToList();
        Assert.Equal(count + 1, starts.Count);
        Assert.Equal(starts.Order(), starts);
        // What was sent before each cut, and the rest after the last one.
        var sent = cuts.Sum(cut => (long)cut) + content.Length - starts[^1];
        Assert.InRange(sent, content.Length, content.Length * 1.02);
    }

    [Fact]
    public async Task A_transfer_that_stands_still_is_broken_off_after_thirty_seconds_and_continued()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ApiMart);
        var clock = new ManualClock();
        await using var client = new OmniClient(TestSettings.For(server), new() { Time = clock, Random = () => 0, Quota = new RetryQuota() });
        var task = await client.SubmitAsync(new() { Prompt = "a cat" }, null, Stop);
        server.Complete(task.Id!);
        server.Serve(task.Id + ".mp4", Content);
        task = await client.GetAsync(task.Id!, null, Stop);
        server.Next(RequestKind.File, Fault.SlowDrip(40));
        var dripped = new TaskCompletionSource();
        var saving = client.SaveAsync(task, new() { Folder = server.Folder["out"], Template = "clip" },
            new Listener(progress => { if (progress.Received == 40) dripped.TrySetResult(); }), Stop);
        await dripped.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(saving.IsCompleted);
        Assert.Single(server.Requests, request => request.IsFile);
        clock.Advance(TimeSpan.FromSeconds(2));
        var saved = Assert.Single(await saving.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.Equal(Content, await File.ReadAllBytesAsync(saved.Path, Stop));
        Assert.Equal("bytes=40-", server.Requests.Last(request => request.IsFile).Headers["Range"]);
    }

    [Fact]
    public async Task A_file_that_was_replaced_meanwhile_begins_again()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.ChangedETag);
        await SavesWholeAsync(desk, task, Mp4Sample.Bytes(mark: "replaced"));
    }

    [Fact]
    public async Task A_server_that_ignores_the_range_begins_again()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.IgnoreRange);
        await SavesWholeAsync(desk, task, Content);
    }

    [Fact]
    public async Task A_content_range_of_other_bytes_is_not_believed()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.WrongContentRange);
        await SavesWholeAsync(desk, task, Content);
        desk.Server.Next(RequestKind.File, Fault.WrongContentRange);
        await SavesWholeAsync(desk, task, Content, desk.Options with { Overwrite = true });
    }

    [Theory]
    [InlineData("bytes */600128")]
    [InlineData("bytes */5")]
    [InlineData("nonsense")]
    public async Task A_range_that_cannot_be_satisfied_begins_again_unless_all_is_there(string range)
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.Status(416, "", ("Content-Range", range)));
        await SavesWholeAsync(desk, task, Content);
    }

    [Fact]
    public async Task A_part_that_was_complete_already_needs_no_further_byte()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        Directory.CreateDirectory(desk.Options.Folder);
        var path = Path.Combine(desk.Options.Folder, "clip.mp4");
        await File.WriteAllBytesAsync(path + ".part", Content, Stop);
        new PartNote { Key = task.RequestKey, Index = 0, ETag = "\"x\"", Total = Content.Length }.Write(path);
        await SavesWholeAsync(desk, task, Content);
        Assert.Empty(desk.Fetches);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_dead_address_is_asked_for_anew_once_and_the_transfer_goes_on(int status)
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Serve("fresh.mp4", Content);
        desk.Server.Complete(task.Id!, [$"{desk.Server.BaseAddress}/files/fresh.mp4"]);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.Status(status));
        await SavesWholeAsync(desk, task, Content);
        Assert.Equal(["/files/" + task.Id + ".mp4", "/files/" + task.Id + ".mp4", "/files/fresh.mp4"], desk.Fetches.Select(fetch => fetch.Path));
        Assert.Contains("Range", desk.Fetches.Last().Headers.Keys);
    }

    [Fact]
    public async Task A_file_that_stays_dead_has_expired_and_leaves_nothing_behind()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Withdraw(task.Id + ".mp4");
        var refused = await desk.RefusedAsync(task);
        Assert.Equal(OmniErrorKind.ResultExpired, refused.Kind);
        Assert.Equal(task.Id, refused.TaskId);
        Assert.Equal(2, desk.Fetches.Count());
        Assert.Empty(desk.Files);
    }

    [Fact]
    public async Task An_address_past_its_time_is_asked_for_anew_before_it_is_used()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        var polls = desk.Server.Tasks.Single().Polls;
        desk.Clock.Advance(TimeSpan.FromDays(400));
        await SavesWholeAsync(desk, task, Content);
        Assert.Equal(polls + 1, desk.Server.Tasks.Single().Polls);
        Assert.Single(desk.Fetches);
    }

    [Fact]
    public async Task What_is_no_video_is_refused_and_leaves_nothing_behind()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.HtmlInsteadOfMp4);
        Assert.Contains("text/html", (await desk.RefusedAsync(task)).Message, StringComparison.Ordinal);
        foreach (var wrong in new[] { "<html>a page with the type of a video</html>"u8.ToArray(), [], [0, 0, 0] })
        {
            desk.Server.Serve(task.Id + ".mp4", wrong);
            var refused = await desk.RefusedAsync(task);
            Assert.Equal((OmniErrorKind.OutputRefused, Charged.No), (refused.Kind, refused.Charged));
        }
        Assert.Empty(desk.Files);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_it_is_fetched()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        Assert.Equal(OmniErrorKind.OutputRefused, (await desk.RefusedAsync(task, desk.Options with { MaximumBytes = Content.Length - 1 })).Kind);
        Assert.Empty(desk.Files);
        await SavesWholeAsync(desk, task, Content, desk.Options with { MaximumBytes = Content.Length });
    }

    [Fact]
    public async Task An_outage_ends_after_four_attempts_and_the_next_save_continues()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.Status(500), Fault.Status(503), Fault.ResetAfterAccepting, Fault.Status(500), Fault.Status(500));
        var refused = await desk.RefusedAsync(task);
        Assert.Equal(OmniErrorKind.ProviderUnavailable, refused.Kind);
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], desk.Files);
        desk.Server.Forget();
        await SavesWholeAsync(desk, task, Content);
        Assert.Contains("Range", desk.Fetches.Last().Headers.Keys);
        Assert.Equal(["clip.json", "clip.mp4"], desk.Files);
    }

    [Fact]
    public async Task A_host_that_gives_a_few_bytes_at_a_time_uses_the_quota_up()
    {
        await using var desk = await Desk.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, [.. Enumerable.Repeat(Fault.CutAfter(100), 60)]);
        Assert.Equal(OmniErrorKind.ProviderUnavailable, (await desk.RefusedAsync(task)).Kind);
        Assert.Equal(1 + (RetryQuota.Capacity / RetryQuota.TransientCost), desk.Fetches.Count());
    }

    private static async Task SavesWholeAsync(Desk desk, VideoTask task, byte[] content, SaveOptions? options = null)
    {
        var saved = await desk.SaveAsync(task, options);
        Assert.Equal(content, await File.ReadAllBytesAsync(saved.Path, Stop));
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content)).ToLowerInvariant(), saved.Sha256);
        Assert.Equal(["clip.json", "clip.mp4"], desk.Files);
    }

    private sealed class Listener(Action<SaveProgress> hear) : IProgress<SaveProgress>
    {
        public void Report(SaveProgress value) => hear(value);
    }
}
