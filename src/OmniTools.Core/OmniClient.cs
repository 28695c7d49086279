using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Gallery;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Saving;
using OmniTools.Spending;
using OmniTools.Submitting;
using OmniTools.Tasks;
using OmniTools.Tracking;
using OmniTools.Waiting;

namespace OmniTools;

/// <summary>The five verbs: submit, get, list, wait, save. Safe for use from several threads; makes nothing before it is needed.</summary>
public sealed class OmniClient : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly ProviderSet providers;
    private readonly Lazy<ILedgerStore> ledger;
    private readonly Lazy<SubmitPlanner> planner;
    private readonly Lazy<Submitter> submitter;
    private readonly EndedTasks ended;
    private readonly Lazy<PollScheduler> scheduler;
    private readonly Lazy<VideoSaver> saver;

    /// <summary>Makes a client; no file is opened and no connection made.</summary>
    public OmniClient(OmniSettings settings, OmniClientOptions options)
    {
        settings.Check();
        if (settings.IsSandbox && options.Handler is null)
            throw new ArgumentException("A sandbox client needs the sandbox's handler: nothing may leave the machine.", nameof(options));
        Settings = settings;
        time = options.Time;
        providers = new(settings, options);
        ledger = new(() => options.Ledger(settings, time));
        planner = new(() => new(ledger.Value, providers.For, settings, time));
        submitter = new(() => new(ledger.Value, planner.Value, providers.For, time));
        ended = new(() => ledger.Value);
        scheduler = new(() => new(time, providers.Random, (task, token) => Refresher(RetryPolicy.Poll).FollowAsync(task, token),
            ended.GetExpectedDuration, Math.Max(1, options.PollsInFlight), Math.Max(1, options.PollsPerSecond)));
        saver = new(() => new(options.Handler, id => providers.BaseOf(ModelCatalog.Provider(id)), providers.Retry,
            (task, policy, token) => Refresher(policy).AskAsync(task, token), task => TryFindAsync(task.Handle, task.Provider),
            (task, index, file) => ledger.Value.RecordFileAsync(task, index, file.Path, file.Sha256!, file.Bytes, CancellationToken.None)));
    }

    /// <summary>
    /// Reports, until the result is disposed, when a provider or a result host becomes unavailable while calls are held for it, and when it
    /// is available again. All observers in the process receive the same notice, on any thread.
    /// </summary>
    public IDisposable ObserveProviderHealth(Action<ProviderHealthNotice> observer) => providers.Breakers.Observe(observer);

    /// <summary>What it was made with.</summary>
    public OmniSettings Settings { get; }

    /// <summary>Checks a request and says what submitting it would do. Nothing is sent or recorded.</summary>
    public async Task<SubmitPlan> PlanAsync(VideoRequest request, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        await planner.Value.PlanAsync(request, options ?? new(), cancellationToken);

    /// <summary>
    /// Submits a request: at most one clip is bought per request key, whatever fails in between. An outcome that cannot be
    /// settled is thrown as <see cref="OmniErrorKind.OutcomeUnknown"/> and stays in the ledger.
    /// </summary>
    public async Task<VideoTask> SubmitAsync(VideoRequest request, SubmitOptions? options = null, CancellationToken stop = default) =>
        await submitter.Value.SubmitAsync(request, options ?? new(), stop);

    /// <summary>
    /// Asks the provider where a task stands, by task id or request key, and records it. The provider is needed only for a
    /// task that the ledger does not know, which is adopted. Never buys anything.
    /// </summary>
    public async Task<VideoTask> GetAsync(string id, string? provider = null, CancellationToken stop = default)
    {
        var spec = provider is null ? null : ModelCatalog.Provider(provider);
        try
        {
            return await Refresher(RetryPolicy.Interactive).GetAsync(id, spec, stop);
        }
        catch (OmniException failure)
        {
            throw await TryFindAsync(id, spec?.Id) is { } known ? failure.About(known.Task) : failure.AboutUnknown();
        }
    }

    /// <summary>What the ledger knows of a task, without asking a provider; null when it knows nothing.</summary>
    public async Task<VideoTask?> FindAsync(string id, string? provider = null, CancellationToken cancellationToken = default) =>
        (await ledger.Value.FindAsync(id, provider is null ? null : ModelCatalog.Provider(provider).Id, cancellationToken))?.Task;

    /// <summary>A page of the ledger's tasks, newest first, with what to know about the ledger. Asks no provider.</summary>
    public async Task<TaskPage> ListAsync(TaskQuery? query = null, CancellationToken cancellationToken = default) =>
        await ledger.Value.ListAsync(query ?? new(), cancellationToken);

    /// <summary><see cref="FindAsync"/> for callers that cannot await: blocks while the ledger is read.</summary>
    public VideoTask? Find(string id, string? provider = null) => FindAsync(id, provider).GetAwaiter().GetResult();

    /// <summary>All pages of <see cref="ListAsync"/> for callers that cannot await, each read when it is reached: blocks while the ledger is read.</summary>
    public IEnumerable<TaskPage> ListPages(TaskQuery? query = null)
    {
        for (query ??= new(); ;)
        {
            var page = ListAsync(query).GetAwaiter().GetResult();
            yield return page;
            if (page.NextCursor is null)
                yield break;
            query = query with { Before = page.NextCursor };
        }
    }

    /// <summary>The tasks of <see cref="ListPages"/>.</summary>
    public IEnumerable<VideoTask> List(TaskQuery? query = null) => ListPages(query).SelectMany(page => page.Tasks);

    /// <summary><see cref="PlanAsync"/> for callers that cannot await: blocks while the ledger is read.</summary>
    public SubmitPlan Plan(VideoRequest request, SubmitOptions? options = null) => PlanAsync(request, options).GetAwaiter().GetResult();

    /// <summary><see cref="GetSpendingAsync"/> for callers that cannot await: blocks while the ledger is read.</summary>
    public SpendReport Spend() => GetSpendingAsync().GetAwaiter().GetResult();

    /// <summary>Where the ledger is: a file, or a server and database.</summary>
    public string LedgerLocation => ledger.Value.Location;

    /// <summary>Starts a wait to which tasks are added.</summary>
    public TaskWait StartWait(WaitOptions? options = null) =>
        new(scheduler.Value, options ?? new(), time, ended.FindAsync);

    /// <summary>Saves every video of a completed task. What is saved already is not transferred again.</summary>
    public async Task<IReadOnlyList<SavedVideo>> SaveAsync(VideoTask task, SaveOptions options, IProgress<SaveProgress>? progress = null, CancellationToken stop = default)
    {
        // The ledger may know more than the caller's snapshot: that it is completed, and which files there are already.
        VideoTask? known = null;
        try
        {
            known = (await ledger.Value.FindAsync(task.Handle, task.Provider, stop))?.Task;
            if (known is null && task.Id is { } id)
                known = await GetAsync(id, task.Provider, stop);
        }
        catch (OmniException failure) when (task.Status == VideoTaskStatus.Completed)
        {
            // What is paid for and there to be fetched is fetched, whatever else is out of order.
            OmniTrace.Verbose(failure.Message);
        }
        var isBehind = known is null || (known.Status != VideoTaskStatus.Completed && task.Status == VideoTaskStatus.Completed);
        return await saver.Value.SaveAsync(isBehind ? task : known!, options, progress, stop);
    }

    /// <summary>
    /// Writes one HTML page that shows these tasks and plays their files, and returns how many it shows. <paramref name="path"/> is
    /// absolute; its folder is made if missing. Only a page that was written here before is overwritten. Blocks while the ledger is read.
    /// </summary>
    public int WriteGallery(IEnumerable<VideoTask> tasks, string path)
    {
        var folder = Path.GetDirectoryName(path) ?? throw new ArgumentException("The path has no folder.", nameof(path));
        var shown = tasks.DistinctBy(task => task.RequestKey).ToList();
        var references = GetReferences(shown);
        GalleryWriter.Write(path, [.. shown.Select(task => GalleryClip.From(task, references.GetValueOrDefault(task.RequestKey), folder))]);
        return shown.Count;
    }

    // A saved clip has them beside its file; the ledger is asked once for all others.
    private Dictionary<string, GalleryReferences> GetReferences(IReadOnlyList<VideoTask> tasks)
    {
        var found = new Dictionary<string, GalleryReferences>();
        foreach (var task in tasks)
        {
            if (task.SavedPath is { } path && Sidecar.Read(path) is { } sidecar && sidecar.RequestKey == task.RequestKey)
                found[task.RequestKey] = new(sidecar.Images, sidecar.Videos, sidecar.ExtendFrom);
        }
        var others = tasks.Select(task => task.RequestKey).Where(key => !found.ContainsKey(key)).ToList();
        var records = others.Count == 0 ? [] : ledger.Value.FindManyAsync(others, CancellationToken.None).GetAwaiter().GetResult();
        foreach (var record in records)
        {
            if (record.Sent?.Request is { } request)
                found.TryAdd(record.Task.RequestKey, new(request.Images, request.Videos, request.ExtendFrom));
        }
        return found;
    }

    // Null also where the ledger cannot be asked: a save goes on without it.
    private async Task<RequestRecord?> TryFindAsync(string handle, string? provider)
    {
        try
        {
            return await ledger.Value.FindAsync(handle.Trim(), provider, CancellationToken.None);
        }
        catch (OmniException)
        {
            return null;
        }
    }

    private TaskRefresher Refresher(RetryPolicy policy) => new(ledger.Value, spec => providers.For(spec, policy));

    /// <summary>What the account at a provider has left.</summary>
    public Task<Balance> GetBalanceAsync(string? provider = null, CancellationToken stop = default) =>
        providers.For(Settings.ChooseProvider(provider)).GetBalanceAsync(stop);

    /// <summary>What was bought today, against the limits.</summary>
    public async Task<SpendReport> GetSpendingAsync(CancellationToken cancellationToken = default) =>
        await planner.Value.GetSpendingAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (scheduler.IsValueCreated)
            await scheduler.Value.DisposeAsync();
        if (saver.IsValueCreated)
            saver.Value.Dispose();
        providers.Dispose();
        if (ledger.IsValueCreated)
            await ledger.Value.DisposeAsync();
    }
}
