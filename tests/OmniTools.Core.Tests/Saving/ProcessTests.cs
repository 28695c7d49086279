using System.Security.Cryptography;
using OmniTools.Core.Tests.Submitting;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Saves in several processes, in killed ones, and on a full disk.</summary>
public sealed class ProcessTests
{
    private const int Held = 300_000;
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 1_000_000, mark: "the clip");
    private static readonly string Sha256 = Convert.ToHexString(SHA256.HashData(Content)).ToLowerInvariant();

    [Fact]
    public async Task A_download_is_resumed_by_the_next_process_after_a_kill()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.HoldAfter(Held));
        using (var killed = ChildProcess.Save(fixture.Server, task.Id!, fixture.Options.Folder))
        {
            Assert.NotNull(await killed.ReadLineAsync($"received {Held}"));
            await killed.KillAsync();
        }
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], fixture.Files);
        using var later = ChildProcess.Save(fixture.Server, task.Id!, fixture.Options.Folder);
        Assert.Equal(Saved(fixture, "now"), await later.ReadLineAsync("saved"));
        Assert.Equal([null, $"bytes={Held}-"], Ranges(fixture));
        await AssertSavedAsync(fixture, task);
    }

    [Fact]
    public async Task Two_processes_that_save_the_same_task_download_it_once_and_both_report_it()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.HoldAfter(Held));
        using var first = ChildProcess.Save(fixture.Server, task.Id!, fixture.Options.Folder);
        Assert.NotNull(await first.ReadLineAsync($"received {Held}"));
        using var second = ChildProcess.Save(fixture.Server, task.Id!, fixture.Options.Folder);
        Assert.NotNull(await second.ReadLineAsync("trace Another save"));
        fixture.Server.Release();
        Assert.Equal(Saved(fixture, "now"), await first.ReadLineAsync("saved"));
        Assert.Equal(Saved(fixture, "already"), await second.ReadLineAsync("saved"));
        Assert.Single(fixture.Fetches);
        await AssertSavedAsync(fixture, task);
    }

    [Fact]
    public async Task A_save_that_waits_for_a_killed_process_resumes_its_download()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        fixture.Server.Next(RequestKind.File, Fault.HoldAfter(Held));
        using var first = ChildProcess.Save(fixture.Server, task.Id!, fixture.Options.Folder);
        Assert.NotNull(await first.ReadLineAsync($"received {Held}"));
        using var second = ChildProcess.Save(fixture.Server, task.Id!, fixture.Options.Folder);
        Assert.NotNull(await second.ReadLineAsync("trace Another save"));
        await first.KillAsync();
        Assert.Equal(Saved(fixture, "now"), await second.ReadLineAsync("saved"));
        Assert.Equal([null, $"bytes={Held}-"], Ranges(fixture));
        await AssertSavedAsync(fixture, task);
    }

    [Fact]
    public async Task A_save_on_a_full_disk_leaves_no_file_and_resumes_when_there_is_room()
    {
        Assert.SkipUnless(SmallDisk.IsPossible,
            "No small disk can be mounted here (Linux with unprivileged namespaces, or root, is needed).");
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Content);
        var folder = Directory.CreateDirectory(fixture.Options.Folder).FullName;
        var save = ChildProcess.SaveCommand(fixture.Server, task.Id!, folder);
        var said = await SmallDisk.RunAsync(folder, kilobytes: 1200,
            $"dd if=/dev/zero of='{folder}/fill' bs=1k count=500 2>/dev/null", save, $"ls '{folder}'",
            $"dd if=/dev/zero of='{folder}/fill' bs=1k 2>/dev/null", save,
            $"rm '{folder}/fill'", save, $"ls '{folder}'", $"sha256sum < '{folder}/clip.mp4'");
        var results = said.Where(line => line.Split(' ')[0] is not ("trace" or "received")).ToList();
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json", "fill"], results[1..4]);
        foreach (var refused in new[] { results[0], results[4] })
        {
            Assert.StartsWith("OutputRefused: The video cannot be written", refused, StringComparison.Ordinal);
            Assert.Contains("Make room", refused, StringComparison.Ordinal);
            Assert.Contains("saved again for nothing", refused, StringComparison.Ordinal);
        }
        Assert.Equal([Saved(fixture, "now"), "clip.json", "clip.mp4", $"{Sha256}  -"], results[5..]);
        Assert.Matches("^bytes=[1-9][0-9]{5}-$", Ranges(fixture)[^1]);
    }

    private static string Saved(SavingFixture fixture, string when) =>
        $"saved {Path.Combine(fixture.Options.Folder, "clip.mp4")} {Sha256} {when}";

    private static List<string?> Ranges(SavingFixture fixture) =>
        [.. fixture.Fetches.Select(fetch => fetch.Headers.GetValueOrDefault("Range"))];

    private static async Task AssertSavedAsync(SavingFixture fixture, VideoTask task)
    {
        Assert.Equal(["clip.json", "clip.mp4"], fixture.Files);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(fixture.Options.Folder, "clip.mp4"),
            TestContext.Current.CancellationToken));
        Assert.False(fixture.Client.FindTask(task.Id!)!.IsUnsaved);
    }
}
