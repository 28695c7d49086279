using OmniTools.Errors;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>
/// Saving while other programs have files open, and under names and paths that only some platforms take.
/// </summary>
public sealed class HeldOutputTests
{
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 100_000, mark: "held");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SaveAsync_OverAFileThatAPlayerHoldsOpen_SaysSoAndKeepsThePart_AndTheNextSaveNeedsNoByte()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Only Windows keeps a file that is open from being replaced.");
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        var path = desk.Server.Folder.Write("out/clip.mp4", [1, 2, 3]);
        var options = desk.Options with { Overwrite = true };
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            var refused = await desk.RefusedAsync(task, options);
            Assert.Equal((OmniErrorKind.OutputRefused, "path", path, Charged.Yes),
                (refused.Kind, refused.Field, refused.Received, refused.Charged));
            Assert.Contains("Close the program", refused.NextStep, StringComparison.Ordinal);
            Assert.Equal(["clip.mp4", "clip.mp4.part", "clip.mp4.part.json"], desk.Files);
        }
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(path, Stop));
        await desk.SavesWholeAsync(task, Content, options);
        Assert.Single(desk.Fetches);
    }

    [Fact]
    public async Task SaveAsync_PartThatWasFetchedAndCheckedBefore_IsGivenItsNameWithoutARequest()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        var path = await WritePartAsync(desk, task, Content);
        // Even when its URL has expired: what is on the disk is not lost.
        await desk.SavesWholeAsync(
            task with { Videos = [task.Videos[0] with { ExpiresAt = desk.Clock.GetUtcNow().AddHours(-1) }] }, Content);
        Assert.Empty(desk.Fetches);
        Assert.False(File.Exists(path + ".part"));
    }

    [Fact]
    public async Task SaveAsync_PartThatWasChangedSinceItWasChecked_IsFetchedAgain()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        await WritePartAsync(desk, task, [.. Content[..^1], (byte)(Content[^1] + 1)]);
        await desk.SavesWholeAsync(task, Content);
        Assert.Single(desk.Fetches);
    }

    [Fact]
    public async Task SaveAsync_NamesThatDifferInCaseOnly_AreTwoFilesOrNumbered()
    {
        await using var desk = await SavingFixture.StartAsync();
        var first =
            await desk.SaveAsync(await desk.CompletedAsync(Content), desk.Options with { Template = "Clip.mp4" });
        var second = await desk.SaveAsync(await desk.CompletedAsync(Mp4Sample.Bytes(mark: "other")),
            desk.Options with { Template = "clip.mp4" });
        Assert.Equal(OperatingSystem.IsLinux() ? "clip.mp4" : "clip-2.mp4", Path.GetFileName(second.Path));
        Assert.Equal(Content, await File.ReadAllBytesAsync(first.Path, Stop));
        Assert.NotEqual(first.Sha256, second.Sha256);
    }

    [Fact]
    public async Task SaveAsync_PathLongerThan260Characters_IsSaved()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        var folder = Path.Combine(desk.Options.Folder, new('a', 120), new('b', 120));
        var saved = await desk.SaveAsync(task,
            desk.Options with { Folder = folder, Template = new string('c', 120) + "/clip.mp4" });
        Assert.True(saved.Path.Length > 360, saved.Path);
        Assert.Equal(Content, await File.ReadAllBytesAsync(saved.Path, Stop));
        Assert.True((await desk.SaveAsync(task,
            desk.Options with { Folder = folder, Template = new string('c', 120) + "/clip.mp4" })).WasAlreadySaved);
    }

    [Theory]
    [InlineData("CON"), InlineData("clips:today"), InlineData("what?")]
    public async Task SaveAsync_FolderThatWindowsCannotHave_IsRefusedWithTheReason(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Other systems take such folders.");
        await using var desk = await SavingFixture.StartAsync();
        var refused = await desk.RefusedAsync(await desk.CompletedAsync(Content),
            desk.Options with { Folder = desk.Options.Folder + "\\" + name });
        Assert.Equal("path", refused.Field);
        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(desk.Fetches);
    }

    private static async Task<string> WritePartAsync(SavingFixture desk, VideoTasks.VideoTask task, byte[] content)
    {
        var path = Path.Combine(Directory.CreateDirectory(desk.Options.Folder).FullName, "clip.mp4");
        await File.WriteAllBytesAsync(path + ".part", content, Stop);
        var sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Content)).ToLowerInvariant();
        await new PartialDownloadMetadata
        {
            Key = task.RequestKey,
            Index = 0,
            Total = Content.Length,
            Sha256 = sha256,
        }.WriteAsync(path, desk.Clock, Stop);
        return path;
    }
}
