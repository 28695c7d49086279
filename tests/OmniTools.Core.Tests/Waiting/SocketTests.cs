using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Core.Tests.Waiting;

/// <summary>
/// Waits over real sockets, through the client. Where a test counts polls, the clock is moved by hand.
/// </summary>
public sealed class SocketTests
{
    [Fact]
    public async Task One_wait_follows_tasks_of_both_providers_to_their_ends()
    {
        await using var toApis = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var apiMart = await LoopbackProvider.StartAsync(Contract.ApiMart);
        (toApis.PollsUntilDone, apiMart.PollsUntilDone) = (3, 4);
        await using var client = Client(toApis.Folder, new() { AutoAdvance = true }, toApis, apiMart);
        await using var wait = client.StartWaiting();
        foreach (var provider in new[] { "toapis", "apimart", "toapis", "apimart" })
            wait.Add(await SubmitAsync(client, provider));
        wait.CompleteAdding();
        var ends = (await SchedulerFixture.ReadAsync(wait)).Where(change => change.IsLast).ToList();
        Assert.Equal(["apimart", "apimart", "toapis", "toapis"], ends.Select(end => end.Task.Provider).Order());
        Assert.All(ends, end => Assert.Equal((VideoTaskStatus.Completed, null),
            (client.FindTask(end.Task.Id!)!.Status, end.Failure)));
        Assert.Equal((6, 8), (Polls(toApis).Count(), Polls(apiMart).Count()));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_poll_is_one_request_and_its_Retry_After_pauses_every_task_of_the_provider(int status)
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ApiMart);
        var clock = new TestTimeProvider();
        await using var client = Client(server.Folder, clock, server);
        var (first, second) = (await SubmitAsync(client), await SubmitAsync(client));
        server.Next(RequestKind.Get, Fault.Status(status, "", ("Retry-After", "60")));
        await using var wait = client.StartWaiting();
        wait.Add(first);
        wait.Add(second);
        await WhenAsync(() => !wait.IsLookingUp);
        clock.AdvanceTo(clock.NextDue!.Value);
        await server.WhenRequestAsync(IsPoll);
        await WhenAsync(() => clock.Waiting == 2);
        clock.Advance(TimeSpan.FromSeconds(59));
        // Both tasks wait for the end of the pause.
        await WhenAsync(() => clock.Waiting == 2 && clock.NextDue - clock.GetUtcNow() > TimeSpan.FromSeconds(0.9));
        Assert.Single(Polls(server));
        clock.Advance(TimeSpan.FromSeconds(1.05));
        await server.WhenRequestAsync(IsPoll, 2);
        Assert.Equal(2, wait.Open.Count);
    }

    [Theory]
    [InlineData(2, 8, 500)]
    [InlineData(1000, 1, null)]
    public async Task The_rate_and_the_number_in_flight_can_be_set(int perSecond, int inFlight, int? pause)
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ApiMart);
        var clock = new TestTimeProvider();
        await using var client = new OmniClient(TestSettings.For(server),
            TestSettings.Options with
            {
                TimeProvider = clock,
                Randomizer = () => 0.5,
                PollsPerSecond = perSecond,
                PollsInFlight = inFlight,
            });
        var tasks = new[] { await SubmitAsync(client), await SubmitAsync(client), await SubmitAsync(client) };
        server.Next(RequestKind.Get, Fault.HangUntilReleased, Fault.HangUntilReleased, Fault.HangUntilReleased);
        await using var wait = client.StartWaiting();
        foreach (var task in tasks)
            wait.Add(task);
        await WhenAsync(() => !wait.IsLookingUp);
        clock.AdvanceTo(clock.NextDue!.Value);
        await server.WhenRequestAsync(IsPoll);
        // The others wait on the clock, or for the first to end: then they have no timer.
        await WhenAsync(() => clock.Waiting == (pause is null ? 0 : 2));
        var next = (clock.NextDue - clock.GetUtcNow())?.TotalMilliseconds;
        Assert.Equal(pause, next < 1000 ? (int)next : null);
        Assert.Single(server.Requests, IsPoll);
    }

    [Theory]
    [InlineData(Contract.ToApis)]
    [InlineData(Contract.ApiMart)]
    public async Task A_wait_survives_every_fault_of_a_poll(Contract contract)
    {
        await using var server = await LoopbackProvider.StartAsync(contract);
        await using var client = Client(server.Folder, new() { AutoAdvance = true }, server);
        var task = await SubmitAsync(client);
        var before = server.Requests.Count;
        Fault[] faults =
        [
            .. Enumerable.Repeat(Fault.Status(502, "<html>"), 30), Fault.ResetAfterAccepting, Fault.MalformedJson,
                Fault.TruncatedBody,
            Fault.UnknownStatusWord("reticulating"), Fault.Status(500), Fault.Status(429), Fault.Status(408),
        ];
        server.PollsUntilDone = null;
        server.Next(RequestKind.Get, faults);
        await using var wait = client.StartWaiting();
        wait.Add(task);
        wait.CompleteAdding();
        await using var changes = wait.ReadAllAsync().GetAsyncEnumerator();
        await server.WhenRequestAsync(IsPoll, faults.Length);
        server.Complete(task.Id!);
        var seen = new List<VideoTaskChange>();
        while (await changes.MoveNextAsync())
            seen.Add(changes.Current);
        Assert.Contains(seen, change => change.Task.RawStatus == "reticulating" && !change.IsLast);
        Assert.Equal((VideoTaskStatus.Completed, null), (seen[^1].Task.Status, seen[^1].Failure));
        Assert.True(server.Requests.Count - before > faults.Length);
    }

    [Theory]
    [InlineData(404, OmniErrorKind.NotFound)]
    [InlineData(401, OmniErrorKind.Authentication)]
    public async Task A_task_that_cannot_be_polled_ends_without_the_others(int status, OmniErrorKind kind)
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var client = Client(server.Folder, new() { AutoAdvance = true }, server);
        var (first, second) = (await SubmitAsync(client), await SubmitAsync(client));
        server.Next(RequestKind.Get, Fault.Status(status));
        await using var wait = client.StartWaiting();
        wait.Add(first);
        wait.Add(second);
        wait.CompleteAdding();
        var ends = (await SchedulerFixture.ReadAsync(wait)).Where(change => change.IsLast).ToList();
        Assert.Equal(kind, Assert.Single(ends, end => end.Failure is not null).Failure!.Kind);
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(ends, end => end.Failure is null).Task.Status);
    }

    [Fact]
    public async Task A_wait_for_an_unknown_outcome_that_cannot_be_looked_up_ends_and_sends_nothing()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ApiMart);
        await using var client = Client(server.Folder, new() { AutoAdvance = true }, server);
        server.Next(RequestKind.Post, Enumerable.Repeat(Fault.ResetAfterAccepting, 10).ToArray());
        var unknown = await Assert.ThrowsAsync<OmniException>(() => SubmitAsync(client));
        var before = server.Requests.Count;
        await using var wait = client.StartWaiting();
        wait.Add(client.FindTask(unknown.RequestKey!)!);
        wait.CompleteAdding();
        var end = Assert.Single(await SchedulerFixture.ReadAsync(wait), change => change.IsLast);
        Assert.Equal((OmniErrorKind.OutcomeUnknown, unknown.RequestKey), (end.Failure!.Kind, end.Failure.RequestKey));
        Assert.Equal(before, server.Requests.Count);
    }

    [Fact]
    public async Task A_wait_does_not_poll_an_end_that_another_process_recorded()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        var clock = new TestTimeProvider();
        await using var client = Client(server.Folder, clock, server);
        await using var other = Client(server.Folder, clock, server);
        var task = await SubmitAsync(client);
        await using var wait = client.StartWaiting();
        wait.Add(task);
        wait.CompleteAdding();
        var reading = SchedulerFixture.ReadAsync(wait);
        await WhenAsync(() => !wait.IsLookingUp);
        server.Complete(task.Id!);
        await other.GetTaskAsync(task.Id!);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(VideoTaskStatus.Completed, Assert.Single(await reading).Task.Status);
        Assert.Single(Polls(server));
    }

    [Fact]
    public async Task A_wait_with_a_zero_timeout_reports_every_recorded_end()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        var clock = new TestTimeProvider();
        await using var client = Client(server.Folder, clock, server);
        await using var other = Client(server.Folder, clock, server);
        var tasks = new[] { await SubmitAsync(client), await SubmitAsync(client), await SubmitAsync(client) };
        server.Complete(tasks[0].Id!);
        server.Fail(tasks[1].Id!, "moderation", "no");
        foreach (var task in tasks[..2])
            await other.GetTaskAsync(task.Id!);
        var asked = server.Requests.Count;
        await using var wait = client.StartWaiting(new() { Timeout = TimeSpan.Zero });
        foreach (var task in tasks)
            wait.Add(task);
        wait.CompleteAdding();
        clock.Advance(TimeSpan.FromSeconds(1));
        var ends = await SchedulerFixture.ReadAsync(wait);
        Assert.Equal([VideoTaskStatus.Completed, VideoTaskStatus.Failed], ends.Select(end => end.Task.Status).Order());
        Assert.Equal((tasks[2].Id, true), (Assert.Single(wait.Open).Id, wait.TimedOut));
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public async Task Disposing_a_wait_cancels_the_request_in_flight_and_neither_the_task_nor_other_requests()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ToApis);
        await using var client = Client(server.Folder, new() { AutoAdvance = true }, server);
        var (waited, asked) = (await SubmitAsync(client), await SubmitAsync(client));
        server.PollsUntilDone = 1;
        server.Next(RequestKind.Get, Fault.HangUntilReleased, Fault.HangUntilReleased);
        var asking = client.GetTaskAsync(asked.Id!);
        await server.WhenRequestAsync(IsPoll);
        var wait = client.StartWaiting();
        wait.Add(waited);
        await server.WhenRequestAsync(IsPoll, 2);
        await wait.DisposeAsync();
        await WhenAsync(() => server.InFlight == 1);
        server.Release();
        Assert.Equal(asked.Id, (await asking).Id);
        Assert.Equal(waited.Id, Assert.Single(wait.Open).Id);
        Assert.DoesNotContain(server.Requests,
            request =>
            request.Method is not ("GET" or "POST") || request.Path.Contains("cancel", StringComparison.Ordinal));
        Assert.Equal(VideoTaskStatus.Completed, (await client.GetTaskAsync(waited.Id!)).Status);
    }

    private static OmniClient Client(TemporaryFolder home, TestTimeProvider clock, params LoopbackProvider[] servers) =>
        new(TestSettings.For(home, servers),
        TestSettings.Options with { TimeProvider = clock, Randomizer = () => 0.5 });

    private static Task<VideoTask> SubmitAsync(OmniClient client, string? provider = null) =>
        client.SubmitAsync(new VideoRequest { Prompt = "a cat", Provider = provider }, new() { AllowDuplicate = true });

    private static bool IsPoll(RecordedRequest request) => request.Method == "GET" && !request.IsFile;

    private static IEnumerable<RecordedRequest> Polls(LoopbackProvider server) => server.Requests.Where(IsPoll);

    private static async Task WhenAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Yield();
    }
}
