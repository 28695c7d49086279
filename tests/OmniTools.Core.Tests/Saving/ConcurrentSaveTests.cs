using OmniTools.Diagnostics;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Saves at the same time: each clip once, each whole, none in another's file.</summary>
public sealed class ConcurrentSaveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_clients_that_save_the_same_task_fetch_it_once()
    {
        await using var desk = await SavingFixture.StartAsync();
        var content = Mp4Sample.Bytes(filler: 2_000_000);
        var task = await desk.CompletedAsync(content);
        await using var one = desk.NewProcess();
        await using var two = desk.NewProcess();
        var saved = await Task.WhenAll(
            new[] { one, two, one, two }.Select(client => Task.Run(() => desk.SaveAsync(task, null, client))));
        Assert.Single(saved, each => !each.WasAlreadySaved);
        Assert.All(saved, each => Assert.Equal(saved[0].Path, each.Path));
        Assert.Equal(["clip.json", "clip.mp4"], desk.Files);
        Assert.Single(desk.Fetches);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_save_that_waited_for_another_finds_its_file_with_or_without_a_sidecar(bool sidecar)
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync(Mp4Sample.Bytes(filler: 100_000));
        var options = desk.Options with { Sidecar = sidecar };
        desk.Server.Next(RequestKind.File, Fault.HoldAfter(50_000));
        await using var one = desk.NewProcess();
        await using var two = desk.NewProcess();
        var first = desk.SaveAsync(task, options, one);
        await desk.Server.WhenRequestAsync(request => request.IsFile);
        var waits = new TaskCompletionSource();
        Task<SavedVideo> second;
        using var trace = new TraceSubscription((_, line) =>
        {
            if (line.StartsWith("Another save", StringComparison.Ordinal))
                waits.TrySetResult();
        });
        using (trace.Enter())
            second = desk.SaveAsync(task, options, two);
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        desk.Server.Release();
        Assert.Equal((false, true, (await first).Path),
            ((await first).WasAlreadySaved, (await second).WasAlreadySaved, (await second).Path));
        Assert.Equal(sidecar ? ["clip.json", "clip.mp4"] : ["clip.mp4"], desk.Files);
        Assert.Single(desk.Fetches);
    }

    [Fact]
    public async Task A_finished_file_that_its_save_still_holds_is_waited_for()
    {
        await using var desk = await SavingFixture.StartAsync();
        var task = await desk.CompletedAsync();
        var saved = await desk.SaveAsync(task);
        var held = new FileStream(saved.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await using var later = new OmniClient(desk.Settings,
            TestSettings.Options with { TimeProvider = new ReleasingTimeProvider(held) });
        Assert.True((await desk.SaveAsync(task, null, later)).WasAlreadySaved);
        Assert.Single(desk.Fetches);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task Many_tasks_saved_under_one_name_at_once_get_numbered_files(bool sidecar)
    {
        await using var desk = await SavingFixture.StartAsync();
        var tasks = new List<VideoTasks.VideoTask>();
        for (var i = 0; i < 12; i++)
            tasks.Add(await desk.CompletedAsync());
        await using var one = desk.NewProcess();
        await using var two = desk.NewProcess();
        var saved = await Task.WhenAll(
            tasks.Select((task, i) =>
            Task.Run(() => desk.SaveAsync(task, desk.Options with { Sidecar = sidecar }, i % 2 == 0 ? one : two))));
        Assert.Equal(12, saved.Select(each => each.Path).Distinct().Count());
        Assert.Equal(12 * (sidecar ? 2 : 1), desk.Files.Count);
        foreach (var each in saved)
            Assert.Equal(each.Sha256,
                Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
                await File.ReadAllBytesAsync(each.Path, Stop))), ignoreCase: true);
    }

    /// <summary>A clock at whose first pause a file is let go.</summary>
    private sealed class ReleasingTimeProvider(FileStream held) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            held.Dispose();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
