using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Deleted files, partial files of lost videos, and numbered names.</summary>
public sealed class UnsavedTests
{
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 600_000, mark: "the clip");

    [Fact]
    public async Task A_deleted_file_makes_its_task_unsaved_again_and_is_saved_again()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var saved = await fixture.SaveAsync(task);
        Assert.Empty(Unsaved(fixture));
        Assert.Null(saved.Task.ExpiresAt);
        File.Delete(saved.Path);
        Assert.Equal(task.Id, Assert.Single(Unsaved(fixture)).Id);
        Assert.Equal(task.ExpiresAt, saved.Task.ExpiresAt);
        await fixture.AssertSavedAsync(task, Content);
        Assert.Empty(Unsaved(fixture));
    }

    [Fact]
    public async Task Index_numbers_the_files_of_a_folder_and_each_keeps_its_number()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var options = fixture.Options with { Template = "clip {index}.mp4" };
        var tasks = new List<VideoTask>();
        foreach (var prompt in new[] { "one", "two", "three" })
            tasks.Add(await fixture.CompletedAsync(Content, prompt));
        foreach (var task in tasks)
            await fixture.SaveAsync(task, options);
        string[] expected = ["clip 1.mp4", "clip 2.mp4", "clip 3.mp4"];
        Assert.Equal(expected, fixture.Files.Where(file => file.EndsWith(".mp4", StringComparison.Ordinal)));
        foreach (var (task, name) in tasks.Zip(expected).Reverse())
        {
            var again = await fixture.SaveAsync(task, options);
            Assert.True(again.WasAlreadySaved);
            Assert.Equal(name, Path.GetFileName(again.Path));
        }
    }

    private static IEnumerable<VideoTask> Unsaved(SavingFixture fixture) =>
        fixture.Client.ListTasks(new() { Unsaved = true });
}
