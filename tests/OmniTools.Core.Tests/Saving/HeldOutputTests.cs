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
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var path = fixture.Server.Folder.Write("out/clip.mp4", [1, 2, 3]);
        var options = fixture.Options with { Overwrite = true };
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            var refused = await fixture.RefusedAsync(task, options);
            Assert.Equal((OmniErrorKind.OutputRefused, "path", path, Charged.Yes),
                (refused.Kind, refused.Field, refused.Received, refused.Charged));
            Assert.Contains("Close the program", refused.NextStep, StringComparison.Ordinal);
            Assert.Equal(["clip.mp4", "clip.mp4.part", "clip.mp4.part.json"], fixture.Files);
        }
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(path, Stop));
        await fixture.AssertSavedAsync(task, Content, options);
        Assert.Single(fixture.Fetches);
    }

    [Fact]
    public async Task SaveAsync_PartThatWasFetchedAndCheckedBefore_IsGivenItsNameWithoutARequest()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var path = await WritePartAsync(fixture, task, Content);
        // The file on the disk is used even when its URL has expired.
        var expired = task.Videos[0] with { ExpiresAt = fixture.Clock.GetUtcNow().AddHours(-1) };
        await fixture.AssertSavedAsync(task with { Videos = [expired] }, Content);
        Assert.Empty(fixture.Fetches);
        Assert.False(File.Exists(path + ".part"));
    }

    [Fact]
    public async Task SaveAsync_PartThatWasChangedSinceItWasChecked_IsFetchedAgain()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        await WritePartAsync(fixture, task, [.. Content[..^1], (byte)(Content[^1] + 1)]);
        await fixture.AssertSavedAsync(task, Content);
        Assert.Single(fixture.Fetches);
    }

    [Fact]
    public async Task SaveAsync_NamesThatDifferInCaseOnly_AreTwoFilesOrNumbered()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var first = await fixture.SaveAsync(
            await fixture.CompletedAsync(Content), fixture.Options with { Template = "Clip.mp4" });
        var second = await fixture.SaveAsync(await fixture.CompletedAsync(Mp4Sample.Bytes(mark: "other")),
            fixture.Options with { Template = "clip.mp4" });
        Assert.Equal(OperatingSystem.IsLinux() ? "clip.mp4" : "clip-2.mp4", Path.GetFileName(second.Path));
        Assert.Equal(Content, await File.ReadAllBytesAsync(first.Path, Stop));
        Assert.NotEqual(first.Sha256, second.Sha256);
    }

    [Fact]
    public async Task SaveAsync_PathLongerThan260Characters_IsSaved()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var folder = Path.Combine(fixture.Options.Folder, new('a', 120), new('b', 120));
        var saved = await fixture.SaveAsync(task,
            fixture.Options with { Folder = folder, Template = new string('c', 120) + "/clip.mp4" });
        Assert.True(saved.Path.Length > 360, saved.Path);
        Assert.Equal(Content, await File.ReadAllBytesAsync(saved.Path, Stop));
        Assert.True((await fixture.SaveAsync(task,
            fixture.Options with { Folder = folder, Template = new string('c', 120) + "/clip.mp4" })).WasAlreadySaved);
    }

    [Theory]
    [InlineData("CON"), InlineData("clips:today"), InlineData("what?")]
    public async Task SaveAsync_FolderThatWindowsCannotHave_IsRefusedWithTheReason(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Other systems take such folders.");
        await using var fixture = await SavingFixture.StartAsync();
        var refused = await fixture.RefusedAsync(await fixture.CompletedAsync(Content),
            fixture.Options with { Folder = fixture.Options.Folder + "\\" + name });
        Assert.Equal("path", refused.Field);
        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Fetches);
    }

    private static async Task<string> WritePartAsync(SavingFixture fixture, VideoTasks.VideoTask task, byte[] content)
    {
        var path = Path.Combine(Directory.CreateDirectory(fixture.Options.Folder).FullName, "clip.mp4");
        await File.WriteAllBytesAsync(path + ".part", content, Stop);
        var sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Content)).ToLowerInvariant();
        await new PartialDownloadMetadata
        {
            Key = task.RequestKey,
            Index = 0,
            Total = Content.Length,
            Sha256 = sha256,
        }.WriteAsync(path, fixture.Clock, Stop);
        return path;
    }
}
