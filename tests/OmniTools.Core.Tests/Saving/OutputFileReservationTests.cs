using OmniTools.Errors;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Which file a save writes: no other file is overwritten, and a saved file is found again.</summary>
public sealed class OutputFileReservationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_another_task_is_never_overwritten_and_the_new_file_is_numbered()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var first = await fixture.SaveAsync(await fixture.CompletedAsync());
        var task = await fixture.CompletedAsync();
        foreach (var overwrite in new[] { false, true, false })
        {
            var second = await fixture.SaveAsync(task, fixture.Options with { Overwrite = overwrite });
            Assert.EndsWith("clip-2.mp4", second.Path, StringComparison.Ordinal);
        }
        Assert.Equal(["clip-2.json", "clip-2.mp4", "clip.json", "clip.mp4"], fixture.Files);
        Assert.Equal(first.Sha256,
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
            await File.ReadAllBytesAsync(first.Path, Stop))), ignoreCase: true);
    }

    [Fact]
    public async Task A_file_of_unknown_origin_is_kept_unless_overwriting_is_requested()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        fixture.Server.Folder.Write("out/clip.mp4", [1, 2, 3]);
        Assert.EndsWith("clip-2.mp4", (await fixture.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(fixture.Server.Folder["out/clip.mp4"], Stop));
        Assert.EndsWith("clip.mp4", (await fixture.SaveAsync(task, fixture.Options with { Overwrite = true })).Path,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip.json"), InlineData("clip.mp4.part"), InlineData("clip.mp4.part.json")]
    public async Task Other_files_beside_the_output_file_are_not_touched(string name)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var theirs = fixture.Server.Folder.Write("out/" + name, "{\"key\":\"theirs\",\"index\":0}"u8.ToArray());
        Assert.EndsWith("clip-2.mp4", (await fixture.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal(["clip-2.json", "clip-2.mp4", name], fixture.Files);
        Assert.Contains("theirs", await File.ReadAllTextAsync(theirs, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_changed_is_kept_and_the_clip_fetched_beside_it()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var first = await fixture.SaveAsync(task);
        await File.WriteAllTextAsync(first.Path, "edited", Stop);
        Assert.EndsWith("clip-2.mp4", (await fixture.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal("edited", await File.ReadAllTextAsync(first.Path, Stop));
        Assert.True((await fixture.SaveAsync(task)).WasAlreadySaved);
    }

    [Fact]
    public async Task A_saved_file_without_a_record_is_recognised_by_its_sidecar()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        await fixture.SaveAsync(task);
        var elsewhere = fixture.Settings with { Home = fixture.Server.Folder["other-home"] };
        await using var later = new OmniClient(elsewhere, TestSettings.Options with { TimeProvider = fixture.Clock });
        Assert.True((await fixture.SaveAsync(task, null, later)).WasAlreadySaved);
        Assert.False(later.FindTask(task.Id!)!.IsUnsaved);
        Assert.Single(fixture.Fetches);
    }

    [Fact]
    public async Task A_file_renamed_before_a_crash_is_recognised_by_its_download_metadata()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var saved = await fixture.SaveAsync(task, fixture.Options with { Sidecar = false });
        await new PartialDownloadMetadata
        {
            Key = task.RequestKey,
            Index = 0,
            Sha256 = saved.Sha256,
        }.WriteAsync(saved.Path, fixture.Clock, Stop);
        await using var later = new OmniClient(fixture.Settings with { Home = fixture.Server.Folder["other-home"] },
            TestSettings.Options with { TimeProvider = fixture.Clock });
        // Without an id, the request key alone identifies the task.
        var again = await fixture.SaveAsync(task with { Id = null }, fixture.Options with { Sidecar = false }, later);
        Assert.True(again.WasAlreadySaved);
        Assert.Equal(["clip.mp4"], fixture.Files);
    }

    [Fact]
    public async Task Several_videos_of_a_task_are_numbered()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var urls = new[] { "a", "b" }
            .Select(name => fixture.Server.Serve(name + ".mp4", Mp4Sample.Bytes(mark: name))).ToList();
        var task = await fixture.CompletedAsync(urls: urls);
        var saved = await fixture.Client.SaveVideosAsync(task, fixture.Options, null, Stop);
        Assert.Equal(["clip-1.json", "clip-1.mp4", "clip-2.json", "clip-2.mp4"], fixture.Files);
        Assert.All(saved, each => Assert.All(each.Task.Videos, video => Assert.NotNull(video.SavedPath)));
        Assert.All(await fixture.Client.SaveVideosAsync(task, fixture.Options, null, Stop),
            each => Assert.True(each.WasAlreadySaved));
    }

    [Fact]
    public async Task A_folder_at_the_files_path_and_a_file_at_the_folders_path_are_refused()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        Directory.CreateDirectory(fixture.Server.Folder["out/clip.mp4"]);
        await RefusesAsync(fixture, task, fixture.Options);
        fixture.Server.Folder.Write("out/sub", [1]);
        await RefusesAsync(fixture, task, fixture.Options with { Template = "sub/a.mp4" });
        Assert.Empty(fixture.Fetches);
    }

    [Fact]
    public async Task An_output_folder_that_is_a_link_is_refused()
    {
        Assert.SkipUnless(SymbolicLinks.Missing is null, SymbolicLinks.Missing ?? "");
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        Directory.CreateDirectory(fixture.Options.Folder);
        Directory.CreateSymbolicLink(fixture.Server.Folder["out/link"], Path.GetTempPath());
        await RefusesAsync(fixture, task, fixture.Options with { Template = "link/a.mp4" });
        Assert.Empty(fixture.Fetches);
    }

    private static async Task RefusesAsync(SavingFixture fixture, VideoTasks.VideoTask task, SaveOptions options)
    {
        var refused = await fixture.RefusedAsync(task, options);
        Assert.Equal((OmniErrorKind.OutputRefused, "path", Charged.Yes, task.Id),
            (refused.Kind, refused.Field, refused.Charged, refused.TaskId));
        Assert.Contains("can be saved again", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_folder_without_write_permission_is_refused_before_the_download()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(),
            "The folder that nobody may write to, root included, is Linux's /proc.");
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        foreach (var folder in new[] { "/proc", "/proc/omni" })
        {
            var refused = await fixture.RefusedAsync(task, fixture.Options with { Folder = folder });
            Assert.Equal((OmniErrorKind.OutputRefused, "path", Charged.Yes),
                (refused.Kind, refused.Field, refused.Charged));
            Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        }
        Assert.Empty(fixture.Fetches);
    }

    [Fact]
    public async Task A_save_that_cannot_write_its_metadata_leaves_no_file()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var inTheWay = Directory.CreateDirectory(fixture.Server.Folder["out/clip.mp4.part.json"]);
        var refused = await fixture.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.OutputRefused, Charged.Yes, task.Id),
            (refused.Kind, refused.Charged, refused.TaskId));
        Assert.Empty(fixture.Files);
        Assert.Empty(fixture.Fetches);
        inTheWay.Delete();
        Assert.EndsWith("clip.mp4", (await fixture.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal(["clip.json", "clip.mp4"], fixture.Files);
    }

    [Fact]
    public async Task A_cancelled_save_leaves_a_part_that_the_next_one_continues()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Mp4Sample.Bytes(filler: 500_000));
        fixture.Server.Next(RequestKind.File, Fault.SlowDrip(100));
        using var cancel = new CancellationTokenSource();
        var progress = new At(100, cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => fixture.Client.SaveVideosAsync(task, fixture.Options, progress, cancel.Token));
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], fixture.Files);
        await fixture.SaveAsync(task);
        Assert.Equal("bytes=100-", fixture.Fetches.Last().Headers["Range"]);
        Assert.Equal(["clip.json", "clip.mp4"], fixture.Files);
    }

    private sealed class At(long bytes, CancellationTokenSource cancel) : IProgress<SaveProgress>
    {
        public void Report(SaveProgress value)
        {
            if (value.Received >= bytes)
                cancel.Cancel();
        }
    }
}
