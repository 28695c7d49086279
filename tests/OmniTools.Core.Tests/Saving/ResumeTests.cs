using System.Globalization;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>
/// Downloads that were interrupted, over real sockets: they are resumed, or restarted where the server does not allow
/// it.
/// </summary>
public sealed class ResumeTests
{
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 600_000, mark: "the clip");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_truncated_download_is_resumed_where_it_ended()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody);
        await fixture.AssertSavedAsync(task, Content);
        var fetches = fixture.Fetches.ToList();
        Assert.Equal(2, fetches.Count);
        Assert.Matches("^bytes=[1-9][0-9]*-$", fetches[1].Headers["Range"]);
        Assert.StartsWith("\"", fetches[1].Headers["If-Range"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 1, 900_000)]
    [InlineData(60, 66_000, 320_000)]
    public async Task A_download_interrupted_many_times_is_identical_and_repeats_few_bytes(int count, int least,
    int most)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var content = Mp4Sample.Bytes(filler: 20_000_000, mark: "long");
        var task = await fixture.CompletedAsync(content);
        var random = new Random(7);
        var cuts = Enumerable.Range(0, count).Select(_ => random.Next(least, most)).ToList();
        fixture.Server.Next(RequestKind.File, [.. cuts.Select(Fault.CutAfter)]);
        await fixture.AssertSavedAsync(task, content);
        var starts = fixture.Fetches.Select(
            fetch => fetch.Headers.TryGetValue("Range", out var range)
            ? long.Parse(range[6..^1], CultureInfo.InvariantCulture)
            : 0).ToList();
        Assert.Equal(count + 1, starts.Count);
        Assert.Equal(starts.Order(), starts);
        // What was sent before each cut, and the rest after the last one.
        var sent = cuts.Sum(cut => (long)cut) + content.Length - starts[^1];
        Assert.InRange(sent, content.Length, content.Length * 1.02);
    }

    [Theory]
    [InlineData("W/\"1\"")]
    [InlineData(null)]
    public async Task A_download_without_a_strong_ETag_restarts(string? etag)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBodyOf(etag));
        await fixture.AssertSavedAsync(task, Content);
        Assert.All(fixture.Fetches,
            fetch => Assert.False(fetch.Headers.ContainsKey("Range") || fetch.Headers.ContainsKey("If-Range")));
    }

    [Fact]
    public async Task A_download_of_a_replaced_file_restarts()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.ChangedETag);
        await fixture.AssertSavedAsync(task, Mp4Sample.Bytes(mark: "replaced"));
    }

    [Fact]
    public async Task A_download_from_a_server_that_ignores_ranges_restarts()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.IgnoreRange);
        await fixture.AssertSavedAsync(task, Content);
    }

    [Fact]
    public async Task A_download_with_a_wrong_Content_Range_is_not_used()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.WrongContentRange);
        await fixture.AssertSavedAsync(task, Content);
        fixture.Server.Next(RequestKind.File, Fault.WrongContentRange);
        await fixture.AssertSavedAsync(task, Content, fixture.Options with { Overwrite = true });
    }

    [Fact]
    public async Task A_range_of_another_version_is_not_used()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var other = Mp4Sample.Bytes(filler: 600_000, mark: "the clap");
        Assert.Equal(Content.Length, other.Length);
        other[^1] ^= 1;
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.IgnoreIfRange(other));
        await fixture.AssertSavedAsync(task, other);
    }

    [Fact]
    public async Task A_range_of_a_file_whose_length_is_not_told_is_continued_to_the_known_length()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.RangeOfUnknownLength(100));
        await fixture.AssertSavedAsync(task, Content);
    }

    [Theory]
    [InlineData("bytes */600128")]
    [InlineData("bytes */5")]
    [InlineData("nonsense")]
    public async Task A_download_answered_with_416_restarts_unless_it_is_complete(string range)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.Status(416, "", ("Content-Range", range)));
        await fixture.AssertSavedAsync(task, Content);
    }

    [Fact]
    public async Task A_complete_partial_file_is_saved_without_a_download()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        Directory.CreateDirectory(fixture.Options.Folder);
        var path = Path.Combine(fixture.Options.Folder, "clip.mp4");
        await File.WriteAllBytesAsync(path + ".part", Content, Stop);
        await new PartialDownloadMetadata
        {
            Key = task.RequestKey,
            Index = 0,
            ETag = "\"x\"",
            Total = Content.Length,
        }.WriteAsync(path, fixture.Clock, Stop);
        await fixture.AssertSavedAsync(task, Content);
        Assert.Empty(fixture.Fetches);
    }

    [Fact]
    public async Task A_complete_partial_file_with_another_hash_is_downloaded_again()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        Directory.CreateDirectory(fixture.Options.Folder);
        var path = Path.Combine(fixture.Options.Folder, "clip.mp4");
        await File.WriteAllBytesAsync(path + ".part", new byte[Content.Length], Stop);
        await new PartialDownloadMetadata
        {
            Key = task.RequestKey,
            Index = 0,
            ETag = "\"x\"",
            Total = Content.Length,
            Sha256 = new string('a', 64),
        }.WriteAsync(path, fixture.Clock, Stop);
        await fixture.AssertSavedAsync(task, Content);
    }

    [Fact]
    public async Task A_save_during_an_outage_ends_after_four_attempts_and_the_next_save_continues()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.Status(500), Fault.Status(503),
            Fault.ResetAfterAccepting, Fault.Status(500), Fault.Status(500));
        var refused = await fixture.RefusedAsync(task);
        Assert.Equal(OmniErrorKind.ProviderUnavailable, refused.Kind);
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], fixture.Files);
        // A save that fails before it sends anything keeps them, too.
        var settings = new ProviderSettings { BaseAddress = "http://example.com" };
        await using (var misconfigured = new OmniClient(fixture.Settings with
        {
            Providers = new Dictionary<string, ProviderSettings> { [task.Provider] = settings },
        }, TestSettings.Options))
        {
            var failure = await Assert.ThrowsAsync<OmniException>(() => fixture.SaveAsync(task, null, misconfigured));
            Assert.Equal(OmniErrorKind.InvalidConfiguration, failure.Kind);
        }
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], fixture.Files);
        fixture.Server.Forget();
        await fixture.AssertSavedAsync(task, Content);
        Assert.Contains("Range", fixture.Fetches.Last().Headers.Keys);
        Assert.Equal(["clip.json", "clip.mp4"], fixture.Files);
    }

    [Fact]
    public async Task A_download_of_a_few_bytes_at_a_time_ends_after_its_attempts()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, [.. Enumerable.Repeat(Fault.CutAfter(100), 60)]);
        Assert.Equal(OmniErrorKind.ProviderUnavailable, (await fixture.RefusedAsync(task)).Kind);
        Assert.Equal(SavingConstants.MaximumSlowAttempts - 1 + HttpConstants.MaximumAttempts, fixture.Fetches.Count());
    }
}
