using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmniTools.VideoTasks;

namespace OmniTools.Testing;

/// <summary>
/// The sandbox of one provider on a socket of this machine. It records requests and injects faults. Tasks progress
/// when a test says so, or with each read.
/// </summary>
public sealed class LoopbackProvider : IAsyncDisposable
{
    private static readonly object ReleaseItem = new();

    private readonly WebApplication app;
    private readonly LoopbackTasks tasks;
    private readonly RequestLog log = new();
    private readonly LoopbackRoutes routes;
    private readonly Dictionary<RequestKind, ConcurrentQueue<Fault>> faults =
        Enum.GetValues<RequestKind>().ToDictionary(kind => kind, _ => new ConcurrentQueue<Fault>());
    private readonly CancellationTokenSource ended = new();
    private TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock guard = new();
    private TaskCompletionSource? idle;
    private int inFlight;
    private readonly List<TimedTrouble> troubles = [];

    private LoopbackProvider(Contract contract, TimeProvider timeProvider)
    {
        Contract = contract;
        tasks = new(this, timeProvider);
        routes = new(this, tasks, timeProvider);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>
    /// Starts a server on a free port. <paramref name="timeProvider"/> only stamps its tasks; the default is the
    /// system's clock.
    /// </summary>
    public static async Task<LoopbackProvider> StartAsync(Contract contract, TimeProvider? timeProvider = null)
    {
        var server = new LoopbackProvider(contract, timeProvider ?? TimeProvider.System);
        await server.app.StartAsync();
        server.BaseAddress = server.app.Urls.Single();
        return server;
    }

    public Contract Contract { get; }

    /// <summary><c>toapis</c> or <c>apimart</c>.</summary>
    public string ProviderId => Contract == Contract.ToApis ? "toapis" : "apimart";

    /// <summary><c>http://127.0.0.1:port</c>.</summary>
    public string BaseAddress { get; private set; } = "";

    /// <summary>The only key it takes, easy to find wherever it does not belong.</summary>
    public string ApiKey { get; } = "sk-loopback-" + Guid.NewGuid().ToString("N");

    /// <summary>A folder that goes away with the server.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>A task completes with this poll; null: only by script. The default is 2.</summary>
    public int? PollsUntilDone { get; set; } = 2;

    /// <summary>
    /// Whether a request key is accepted once, as by the real providers; false: every accepted request is another task.
    /// </summary>
    public bool HonoursKeys { get; set; } = true;

    /// <summary>
    /// How long after its acceptance reads do not find a task, as from a replica that lags. The default is zero.
    /// </summary>
    public TimeSpan ReadLag { get; set; }

    /// <summary>The response to a balance request; null: the sandbox's.</summary>
    public string? Balance { get; set; }

    /// <summary>Everything that arrived, in order, faulted or not.</summary>
    public IReadOnlyList<RecordedRequest> Requests => log.Snapshot();

    /// <summary>Everything that was accepted, in order.</summary>
    public IReadOnlyList<LoopbackTask> Tasks => tasks.Snapshot();

    /// <summary>How many paid requests were accepted; a replay is none.</summary>
    public int Creates => Tasks.Count;

    /// <summary>The same by request key; requests without one are under the empty text.</summary>
    public IReadOnlyDictionary<string, int> CreatesByKey =>
        Tasks.GroupBy(task => task.Key ?? "").ToDictionary(group => group.Key, group => group.Count());

    /// <summary>How many requests wait for their answer now.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>Completes when no request waits for its answer, at once if so it is.</summary>
    public Task WhenIdleAsync()
    {
        lock (guard)
            return inFlight == 0
                ? Task.CompletedTask
                : (idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>
    /// Completes when <paramref name="count"/> requests that match have arrived, earlier ones included.
    /// </summary>
    public Task<RecordedRequest> WhenRequestAsync(Func<RecordedRequest, bool> predicate, int count = 1) =>
        log.WhenAsync(predicate, count);

    /// <summary>The next requests of a kind each take one of these faults.</summary>
    public void Next(RequestKind kind, params Fault[] next)
    {
        foreach (var fault in next)
            faults[kind].Enqueue(fault);
    }

    /// <summary>Adds a trouble that lasts for a time.</summary>
    public void Add(TimedTrouble trouble)
    {
        lock (guard)
            troubles.Add(trouble);
    }

    /// <summary>
    /// Removes the faults that no request has met, for the next sequence. Accepted requests stay accepted.
    /// </summary>
    public void Forget()
    {
        foreach (var queue in faults.Values)
            queue.Clear();
    }

    /// <summary>Lets go on what hangs now.</summary>
    public void Release() =>
        Interlocked.Exchange(ref released, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>
    /// Completes a task, by id or key: with a file served here, or with URLs of one's own (none is possible).
    /// </summary>
    public void Complete(string id, IReadOnlyList<string>? urls = null) =>
        tasks.Script(id, task => tasks.Complete(task, urls));

    public void Fail(string id, string code, string message) =>
        tasks.Script(id, task => task.State = new(VideoTaskStatus.Failed) { ErrorCode = code, ErrorMessage = message });

    public void Progress(string id, int progress) =>
        tasks.Script(id, task => task.State = new(VideoTaskStatus.InProgress) { Progress = progress });

    /// <summary>Serves a file at <c>/files/name</c> and gives its URL.</summary>
    public string Serve(string name, byte[] content, string contentType = "video/mp4")
    {
        routes.Files[name] = new(content, contentType);
        return $"{BaseAddress}/files/{name}";
    }

    /// <summary>Stops serving a file: 404 from now on.</summary>
    public void Withdraw(string name) => routes.Files.TryRemove(name, out _);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await app.DisposeAsync();
        ended.Dispose();
        Folder.Dispose();
    }

    internal async Task WhenReleasedAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ended.Token);
        await ((Task)context.Items[ReleaseItem]!).WaitAsync(either.Token);
    }

    private async Task HandleAsync(HttpContext context)
    {
        Count(1);
        try
        {
            using var content = new MemoryStream();
            await context.Request.Body.CopyToAsync(content, context.RequestAborted);
            var body = content.ToArray();
            var request = new RecordedRequest(context.Request.Method, context.Request.Path.Value ?? "/",
                context.Request.QueryString.Value ?? "",
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase), Encoding.UTF8.GetString(body));
            if (Trouble(request.Kind) is { } trouble)
            {
                await trouble.AnswerAsync(context);
                return;
            }
            faults[request.Kind].TryDequeue(out var fault);
            fault?.Before(this, context);
            var work = new Lazy<LoopbackResponse>(() => routes.Respond(context, request, body));
            // All before the signal: who awaits it may count what was accepted and release what hangs.
            if (fault is not { Accepted: false })
                _ = work.Value;
            context.Items[ReleaseItem] = Volatile.Read(ref released).Task;
            log.Add(request);
            await (fault?.RespondAsync(this, context, () => work.Value) ?? work.Value.WriteAsync(context));
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            Count(-1);
        }
    }

    // The first trouble that is on for a request of this kind; null: none is.
    private TimedTrouble? Trouble(RequestKind kind)
    {
        lock (guard)
            return troubles.FirstOrDefault(trouble => trouble.IsOn(kind, Creates));
    }

    private void Count(int change)
    {
        lock (guard)
        {
            inFlight += change;
            if (inFlight > 0)
                return;
            idle?.TrySetResult();
            idle = null;
        }
    }
}
