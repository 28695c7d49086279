using System.Security.Cryptography;
using OmniTools.Core.Tests.Submitting;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Saves in processes of their own: killed, side by side, on a disk that fills up.</summary>
public sealed class ProcessTests
{
    private const int Held = 300_000;
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 1_000_000, mark: "the clip");
    private static readonly string Sha256 = Convert.ToHexString(SHA256.HashData(Content)).ToLowerInvariant();

    [Fact]
    public async Task A_download_is_resumed_by_the_next_process_after_a_kill()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.HoldAfter(Held));
        using (var killed = ChildProcess.Save(desk.Server, task.Id!, desk.Options.Folder))
        {
            Assert.NotNull(await killed.ReadLineAsync($"received {Held}"));
            await killed.KillAsync();
        }
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json"], desk.Files);
        using var later = ChildProcess.Save(desk.Server, task.Id!, desk.Options.Folder);
        Assert.Equal(Saved(desk, "now"), await later.ReadLineAsync("saved"));
        Assert.Equal([null, $"bytes={Held}-"], Ranges(desk));
        await IsWholeAsync(desk, task);
    }

    [Fact]
    public async Task Two_processes_that_save_the_same_task_download_it_once_and_both_report_it()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.HoldAfter(Held));
        using var first = ChildProcess.Save(desk.Server, task.Id!, desk.Options.Folder);
        Assert.NotNull(await first.ReadLineAsync($"received {Held}"));
        using var second = ChildProcess.Save(desk.Server, task.Id!, desk.Options.Folder);
        Assert.NotNull(await second.ReadLineAsync("trace Another save"));
        desk.Server.Release();
        Assert.Equal(Saved(desk, "now"), await first.ReadLineAsync("saved"));
        Assert.Equal(Saved(desk, "already"), await second.ReadLineAsync("saved"));
        Assert.Single(desk.Fetches);
        await IsWholeAsync(desk, task);
    }

    [Fact]
    public async Task A_save_that_waits_for_a_killed_process_resumes_its_download()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        desk.Server.Next(RequestKind.File, Fault.HoldAfter(Held));
        using var first = ChildProcess.Save(desk.Server, task.Id!, desk.Options.Folder);
        Assert.NotNull(await first.ReadLineAsync($"received {Held}"));
        using var second = ChildProcess.Save(desk.Server, task.Id!, desk.Options.Folder);
        Assert.NotNull(await second.ReadLineAsync("trace Another save"));
        await first.KillAsync();
        Assert.Equal(Saved(desk, "now"), await second.ReadLineAsync("saved"));
        Assert.Equal([null, $"bytes={Held}-"], Ranges(desk));
        await IsWholeAsync(desk, task);
    }

    [Fact]
    public async Task A_save_on_a_full_disk_leaves_no_file_and_resumes_when_there_is_room()
    {
        Assert.SkipUnless(SmallDisk.IsPossible,
            "No small disk can be mounted here (Linux with unprivileged namespaces, or root, is needed).");
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Content);
        var folder = Directory.CreateDirectory(desk.Options.Folder).FullName;
        var save = ChildProcess.SaveCommand(desk.Server, task.Id!, folder);
        var said = await SmallDisk.RunAsync(folder, kilobytes: 1200,
            $"dd if=/dev/zero of='{folder}/fill' bs=1k count=500 2>/dev/null", save, $"ls '{folder}'",
            $"dd if=/dev/zero of='{folder}/fill' bs=1k 2>/dev/null", save,
            $"rm '{folder}/fill'", save, $"ls '{folder}'", $"sha256sum < '{folder}/clip.mp4'");
        var told = said.Where(line => line.Split(' ')[0] is not ("trace" or "received")).ToList();
        Assert.Equal(["clip.mp4.part", "clip.mp4.part.json", "fill"], told[1..4]);
        foreach (var refused in new[] { told[0], told[4] })
        {
            Assert.StartsWith("OutputRefused: The video cannot be written", refused, StringComparison.Ordinal);
            Assert.Contains("Make room", refused, StringComparison.Ordinal);
            Assert.Contains("saved again for nothing", refused, StringComparison.Ordinal);
        }
        Assert.Equal([Saved(desk, "now"), "clip.json", "clip.mp4", $"{Sha256}  -"], told[5..]);
        Assert.Matches("^bytes=[1-9][0-9]{5}-$", Ranges(desk)[^1]);
    }

    private static string Saved(SavingFixture desk, string when) =>
        $"saved {Path.Combine(desk.Options.Folder, "clip.mp4")} {Sha256} {when}";

    private static List<string?> Ranges(SavingFixture desk) =>
        [.. desk.Fetches.Select(fetch => fetch.Headers.GetValueOrDefault("Range"))];

    private static async Task IsWholeAsync(SavingFixture desk, VideoTask task)
    {
        Assert.Equal(["clip.json", "clip.mp4"], desk.Files);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(desk.Options.Folder, "clip.mp4"),
            TestContext.Current.CancellationToken));
        Assert.False(desk.Client.FindTask(task.Id!)!.IsUnsaved);
    }
}
