using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Saving;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Saves that run at the same time, of one task and of several tasks under one name.</summary>
public sealed class ConcurrentSaveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_clients_that_save_the_same_task_fetch_it_once()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var content = Mp4Sample.Bytes(filler: 2_000_000);
        var task = await fixture.CompletedAsync(content);
        await using var one = fixture.NewProcess();
        await using var two = fixture.NewProcess();
        var saved = await Task.WhenAll(
            new[] { one, two, one, two }.Select(client => Task.Run(() => fixture.SaveAsync(task, null, client))));
        Assert.Single(saved, each => !each.WasAlreadySaved);
        Assert.All(saved, each => Assert.Equal(saved[0].Path, each.Path));
        Assert.Equal(["clip.json", "clip.mp4"], fixture.Files);
        Assert.Single(fixture.Fetches);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_save_that_waited_for_another_finds_its_file_with_or_without_a_sidecar(bool sidecar)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync(Mp4Sample.Bytes(filler: 100_000));
        var options = fixture.Options with { Sidecar = sidecar };
        fixture.Server.Next(RequestKind.File, Fault.HoldAfter(50_000));
        await using var one = fixture.NewProcess();
        await using var two = fixture.NewProcess();
        var first = fixture.SaveAsync(task, options, one);
        await fixture.Server.WhenRequestAsync(request => request.IsFile);
        var waits = new TaskCompletionSource();
        Task<SavedVideo> second;
        using var trace = new TraceSubscription((_, line) =>
        {
            if (line.StartsWith("Another save", StringComparison.Ordinal))
                waits.TrySetResult();
        });
        using (trace.Enter())
            second = fixture.SaveAsync(task, options, two);
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        fixture.Server.Release();
        Assert.Equal((false, true, (await first).Path),
            ((await first).WasAlreadySaved, (await second).WasAlreadySaved, (await second).Path));
        Assert.Equal(sidecar ? ["clip.json", "clip.mp4"] : ["clip.mp4"], fixture.Files);
        Assert.Single(fixture.Fetches);
    }

    [Fact]
    public async Task A_finished_file_that_its_save_still_holds_is_waited_for()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var saved = await fixture.SaveAsync(task);
        var held = new FileStream(saved.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await using var later = new OmniClient(fixture.Settings,
            TestSettings.Options with { TimeProvider = new WaitingTimeProvider(held.Dispose) });
        Assert.True((await fixture.SaveAsync(task, null, later)).WasAlreadySaved);
        Assert.Single(fixture.Fetches);
    }

    [Fact]
    public async Task A_file_that_another_save_holds_for_ten_minutes_is_refused()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        await fixture.SaveAsync(task);
        File.Delete(fixture.Server.Folder["out/clip.mp4"]);
        using var held = new FileStream(
            fixture.Server.Folder["out/clip.mp4.part"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var began = fixture.Clock.GetUtcNow();
        var refused = await fixture.RefusedAsync(task);
        Assert.Equal((OmniErrorKind.OutputRefused, "path"), (refused.Kind, refused.Field));
        Assert.Contains("End the other process", refused.NextStep, StringComparison.Ordinal);
        Assert.Equal(10, (fixture.Clock.GetUtcNow() - began).TotalMinutes, 0.1);
    }

    [Fact]
    public async Task A_file_that_another_save_goes_on_writing_is_waited_for_longer()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        Directory.CreateDirectory(fixture.Server.Folder["out"]);
        var held = new FileStream(
            fixture.Server.Folder["out/clip.mp4.part"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0);
        var waits = 0;
        await using var later = new OmniClient(fixture.Settings,
            TestSettings.Options with { TimeProvider = new WaitingTimeProvider(Write, TimeSpan.FromMinutes(6)) });
        Assert.True(File.Exists((await fixture.SaveAsync(task, null, later)).Path));
        Assert.True(waits > 4);

        void Write()
        {
            if (++waits <= 4)
                held.WriteByte(0);
            else
                held.Dispose();
        }
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task Many_tasks_saved_under_one_name_at_once_get_numbered_files(bool sidecar)
    {
        await using var fixture = await SavingFixture.StartAsync();
        var tasks = new List<VideoTasks.VideoTask>();
        for (var i = 0; i < 12; i++)
            tasks.Add(await fixture.CompletedAsync());
        await using var one = fixture.NewProcess();
        await using var two = fixture.NewProcess();
        var saved = await Task.WhenAll(
            tasks.Select((task, i) => Task.Run(
                () => fixture.SaveAsync(task, fixture.Options with { Sidecar = sidecar }, i % 2 == 0 ? one : two))));
        Assert.Equal(12, saved.Select(each => each.Path).Distinct().Count());
        Assert.Equal(12 * (sidecar ? 2 : 1), fixture.Files.Count);
        foreach (var each in saved)
            Assert.Equal(each.Sha256,
                Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
                await File.ReadAllBytesAsync(each.Path, Stop))), ignoreCase: true);
    }

    /// <summary>A clock that moves on by <paramref name="step"/> and calls back when a wait begins.</summary>
    private sealed class WaitingTimeProvider(Action onWait, TimeSpan step = default) : TimeProvider
    {
        private long moved;

        public override long GetTimestamp() =>
            base.GetTimestamp() + (moved / TimeSpan.TicksPerSecond * TimestampFrequency);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref moved, step.Ticks);
            onWait();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
