using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Saving;

/// <summary>What is on disk decides what is saved: deleted files, parts of lost videos, numbered names.</summary>
public sealed class UnsavedTests
{
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 600_000, mark: "the clip");

    [Fact]
    public async Task A_deleted_file_makes_its_task_unsaved_again_and_is_saved_again()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        var saved = await desk.SaveAsync(task);
        Assert.Empty(Unsaved(desk));
        Assert.Null(saved.Task.ExpiresAt);
        File.Delete(saved.Path);
        Assert.Equal(task.Id, Assert.Single(Unsaved(desk)).Id);
        Assert.Equal(task.ExpiresAt, saved.Task.ExpiresAt);
        await desk.SavesWholeAsync(task, Content);
        Assert.Empty(Unsaved(desk));
    }

    [Fact]
    public async Task The_part_of_a_lost_video_is_removed_with_its_note()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.TruncatedBody, Fault.Status(400));
        await desk.RefusedAsync(task);
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], desk.Files);
        desk.Server.Withdraw(task.Id + ".mp4");
        desk.Clock.Advance(TimeSpan.FromDays(400));
        var lost = await desk.RefusedAsync(task);
        Assert.Equal(OmniErrorKind.ResultExpired, lost.Kind);
        Assert.Empty(desk.Files);
    }

    [Fact]
    public async Task Index_numbers_the_files_of_a_folder_and_each_keeps_its_number()
    {
        await using var desk = await SavingFixture.StartAsync();
        var options = desk.Options with { Template = "clip {index}.mp4" };
        var tasks = new List<VideoTask>();
        foreach (var prompt in new[] { "one", "two", "three" })
            tasks.Add(await desk.CompletedAsync(Content, prompt));
        foreach (var task in tasks)
            await desk.SaveAsync(task, options);
        string[] expected = ["clip 1.mp4", "clip 2.mp4", "clip 3.mp4"];
        Assert.Equal(expected, desk.Files.Where(file => file.EndsWith(".mp4", StringComparison.Ordinal)));
        foreach (var (task, name) in tasks.Zip(expected).Reverse())
        {
            var again = await desk.SaveAsync(task, options);
            Assert.True(again.WasAlreadySaved);
            Assert.Equal(name, Path.GetFileName(again.Path));
        }
    }

    [Fact]
    public void IsMinted_DistinguishesCreatedKeysFromAUsers()
    {
        Assert.True(RequestKey.IsGenerated(RequestKey.Create(TimeProvider.System)));
        Assert.All(["shot-1", "omni_1", "omni_" + new string('x', 32), ""],
            key => Assert.False(RequestKey.IsGenerated(key)));
    }

    private static IEnumerable<VideoTask> Unsaved(SavingFixture desk) =>
        desk.Client.ListTasks(new() { Unsaved = true });
}
