using OmniTools.Errors;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Whose name it is: nobody's file is lost, and no two saves meet in one.</summary>
public sealed class OutputFileReservationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_another_task_is_never_overwritten_and_the_new_file_is_numbered()
    {
        await using var desk = await SavingFixture.StartAsync();
        var first = await desk.SaveAsync(await desk.CompletedAsync());
        var task = await desk.CompletedAsync();
        foreach (var overwrite in new[] { false, true, false })
        {
            var second = await desk.SaveAsync(task, desk.Options with { Overwrite = overwrite });
            Assert.EndsWith("clip-2.mp4", second.Path, StringComparison.Ordinal);
        }
        Assert.Equal(["clip-2.json", "clip-2.mp4", "clip.json", "clip.mp4"], desk.Files);
        Assert.Equal(first.Sha256,
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
            await File.ReadAllBytesAsync(first.Path, Stop))), ignoreCase: true);
    }

    [Fact]
    public async Task A_file_of_unknown_origin_is_kept_unless_overwriting_is_requested()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        desk.Server.Folder.Write("out/clip.mp4", [1, 2, 3]);
        Assert.EndsWith("clip-2.mp4", (await desk.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(desk.Server.Folder["out/clip.mp4"], Stop));
        Assert.EndsWith("clip.mp4", (await desk.SaveAsync(task, desk.Options with { Overwrite = true })).Path,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip.json"), InlineData("clip.mp4.part"), InlineData("clip.mp4.part.json")]
    public async Task Other_files_beside_the_output_file_are_not_touched(string name)
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        var theirs = desk.Server.Folder.Write("out/" + name, "{\"key\":\"theirs\",\"index\":0}"u8.ToArray());
        Assert.EndsWith("clip-2.mp4", (await desk.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal(["clip-2.json", "clip-2.mp4", name], desk.Files);
        Assert.Contains("theirs", await File.ReadAllTextAsync(theirs, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_changed_is_kept_and_the_clip_fetched_beside_it()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        var first = await desk.SaveAsync(task);
        await File.WriteAllTextAsync(first.Path, "edited", Stop);
        Assert.EndsWith("clip-2.mp4", (await desk.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal("edited", await File.ReadAllTextAsync(first.Path, Stop));
        Assert.True((await desk.SaveAsync(task)).WasAlreadySaved);
    }

    [Fact]
    public async Task A_saved_file_without_a_record_is_recognised_by_its_sidecar()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        await desk.SaveAsync(task);
        var elsewhere = desk.Settings with { Home = desk.Server.Folder["other-home"] };
        await using var later = new OmniClient(elsewhere, TestSettings.Options with { TimeProvider = desk.Clock });
        Assert.True((await desk.SaveAsync(task, null, later)).WasAlreadySaved);
        Assert.False(later.FindTask(task.Id!)!.IsUnsaved);
        Assert.Single(desk.Fetches);
    }

    [Fact]
    public async Task A_file_renamed_before_a_crash_is_recognised_by_its_download_metadata()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        var saved = await desk.SaveAsync(task, desk.Options with { Sidecar = false });
        await new PartialDownloadMetadata
        {
            Key = task.RequestKey,
            Index = 0,
            Sha256 = saved.Sha256,
        }.WriteAsync(saved.Path, desk.Clock, Stop);
        await using var later = new OmniClient(desk.Settings with { Home = desk.Server.Folder["other-home"] },
            TestSettings.Options with { TimeProvider = desk.Clock });
        // A task adopted from elsewhere has its request key only where the provider tells it.
        var again = await desk.SaveAsync(task with { Id = null }, desk.Options with { Sidecar = false }, later);
        Assert.True(again.WasAlreadySaved);
        Assert.Equal(["clip.mp4"], desk.Files);
    }

    [Fact]
    public async Task Several_videos_of_a_task_are_numbered()
    {
        await using var desk = await SavingFixture.StartAsync();
        var urls =
            new[] { "a", "b" }.Select(name => desk.Server.Serve(name + ".mp4", Mp4Sample.Bytes(mark: name))).ToList();
        var task = await desk.CompletedAsync(urls: urls);
        var saved = await desk.Client.SaveVideosAsync(task, desk.Options, null, Stop);
        Assert.Equal(["clip-1.json", "clip-1.mp4", "clip-2.json", "clip-2.mp4"], desk.Files);
        Assert.All(saved, each => Assert.All(each.Task.Videos, video => Assert.NotNull(video.SavedPath)));
        Assert.All(await desk.Client.SaveVideosAsync(task, desk.Options, null, Stop),
            each => Assert.True(each.WasAlreadySaved));
    }

    [Fact]
    public async Task A_folder_at_the_files_path_and_a_file_at_the_folders_path_are_refused()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        Directory.CreateDirectory(desk.Server.Folder["out/clip.mp4"]);
        await RefusesAsync(desk, task, desk.Options);
        desk.Server.Folder.Write("out/sub", [1]);
        await RefusesAsync(desk, task, desk.Options with { Template = "sub/a.mp4" });
        Assert.Empty(desk.Fetches);
    }

    [Fact]
    public async Task An_output_folder_that_is_a_link_is_refused()
    {
        Assert.SkipUnless(SymbolicLinks.Missing is null, SymbolicLinks.Missing ?? "");
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        Directory.CreateDirectory(desk.Options.Folder);
        Directory.CreateSymbolicLink(desk.Server.Folder["out/link"], Path.GetTempPath());
        await RefusesAsync(desk, task, desk.Options with { Template = "link/a.mp4" });
        Assert.Empty(desk.Fetches);
    }

    private static async Task RefusesAsync(SavingFixture desk, VideoTasks.VideoTask task, SaveOptions options)
    {
        var refused = await desk.RefusedAsync(task, options);
        Assert.Equal((OmniErrorKind.OutputRefused, "path", Charged.Yes, task.Id),
            (refused.Kind, refused.Field, refused.Charged, refused.TaskId));
        Assert.Contains("can be saved again", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_folder_without_write_permission_is_refused_before_the_download()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(),
            "The folder that nobody may write to, root included, is Linux's /proc.");
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        foreach (var folder in new[] { "/proc", "/proc/omni" })
        {
            var refused = await desk.RefusedAsync(task, desk.Options with { Folder = folder });
            Assert.Equal((OmniErrorKind.OutputRefused, "path", Charged.Yes),
                (refused.Kind, refused.Field, refused.Charged));
            Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        }
        Assert.Empty(desk.Fetches);
    }

    [Fact]
    public async Task A_save_that_cannot_write_its_metadata_leaves_no_file()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        var inTheWay = Directory.CreateDirectory(desk.Server.Folder["out/clip.mp4.part.json"]);
        var refused = await desk.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.OutputRefused, Charged.Yes, task.Id),
            (refused.Kind, refused.Charged, refused.TaskId));
        Assert.Empty(desk.Files);
        Assert.Empty(desk.Fetches);
        inTheWay.Delete();
        Assert.EndsWith("clip.mp4", (await desk.SaveAsync(task)).Path, StringComparison.Ordinal);
        Assert.Equal(["clip.json", "clip.mp4"], desk.Files);
    }

    [Fact]
    public async Task A_cancelled_save_leaves_a_part_that_the_next_one_continues()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Mp4Sample.Bytes(filler: 500_000));
        desk.Server.Next(RequestKind.File, Fault.SlowDrip(100));
        using var cancel = new CancellationTokenSource();
        var progress = new At(100, cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => desk.Client.SaveVideosAsync(task, desk.Options, progress, cancel.Token));
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], desk.Files);
        await desk.SaveAsync(task);
        Assert.Equal("bytes=100-", desk.Fetches.Last().Headers["Range"]);
        Assert.Equal(["clip.json", "clip.mp4"], desk.Files);
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
