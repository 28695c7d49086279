using System.Runtime.CompilerServices;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Gallery;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Saving;
using OmniTools.Spending;
using OmniTools.Submitting;
using OmniTools.Tracking;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools;

/// <summary>
/// The five verbs: submit, get, list, wait, save. Safe for use from several threads; makes nothing before it is needed.
/// </summary>
public sealed partial class OmniClient : IAsyncDisposable
{
    private readonly TimeProvider timeProvider;
    private readonly ProviderSet providers;
    private readonly Lazy<ILedgerStore> ledger;
    private readonly Lazy<SubmissionPlanner> planner;
    private readonly Lazy<Submitter> submitter;
    private readonly EndedVideoTasks ended;
    private readonly CompletionLookup lookup;
    private readonly Lazy<PollScheduler> scheduler;
    private readonly Lazy<VideoSaver> saver;

    /// <summary>Makes a client; no file is opened and no connection made.</summary>
    public OmniClient(OmniSettings settings, OmniClientOptions options)
    {
        settings.Validate();
        if (settings.IsSandbox && options.Handler is null)
            throw new ArgumentException("A sandbox client needs the sandbox's handler: nothing may leave the machine.",
                nameof(options));
        Settings = settings;
        timeProvider = options.TimeProvider;
        providers = new(settings, options);
        ledger = new(() => options.LedgerFactory(settings, timeProvider));
        planner = new(() => new(ledger.Value, providers.GetProvider, settings, settings.CheckRequest, timeProvider));
        submitter = new(() => new(ledger.Value, planner.Value, providers.GetProvider, timeProvider));
        ended = new(() => ledger.Value);
        lookup = new(ended.FindAsync);
        scheduler = new(() => new(timeProvider, providers.Randomizer,
            (task, cancellationToken) => CreateRefresher(RetryPolicy.Poll).FollowAsync(task, cancellationToken),
            ended.GetExpectedDuration, Math.Max(1, options.PollsInFlight), Math.Max(1, options.PollsPerSecond)));
        saver = new(() => new(options.Handler, id => providers.GetBaseAddress(ModelCatalog.Provider(id)),
            providers.Retry,
            (task, policy, cancellationToken) => CreateRefresher(policy).AskAsync(task, cancellationToken),
            task => TryFindRecordAsync(task.Reference, task.Provider),
            (task, index, file) => ledger.Value.RecordFileAsync(
                task, index, file.Path, file.Sha256!, file.Bytes, CancellationToken.None)));
    }

    /// <summary>
    /// Reports, until the result is disposed, when a provider or a result host becomes unavailable while calls are held
    /// for it, and when it is available again. All observers in the process receive the same notice, on any thread.
    /// </summary>
    public IDisposable ObserveProviderHealth(Action<ProviderHealthNotice> observer) =>
        providers.Breakers.Observe(observer);

    /// <summary>The settings of this client.</summary>
    public OmniSettings Settings { get; }

    /// <summary>Checks a request and says what submitting it would do. Nothing is sent or recorded.</summary>
    public async Task<SubmissionPlan> PlanSubmissionAsync(VideoRequest request, SubmitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        await planner.Value.PlanSubmissionAsync(request, options ?? new(), cancellationToken);

    /// <summary>
    /// Submits a request: at most one clip is bought per request key, whatever fails in between. An outcome that cannot
    /// be settled is thrown as <see cref="OmniErrorKind.OutcomeUnknown"/> and stays in the ledger.
    /// </summary>
    public async Task<VideoTask> SubmitAsync(VideoRequest request, SubmitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        await submitter.Value.SubmitAsync(request, options ?? new(), cancellationToken);

    /// <summary>
    /// Asks the provider for the state of a task, by task id or request key, and records it. Never buys anything.
    /// <paramref name="provider"/> is needed only for a task that the ledger does not know, which is then recorded.
    /// </summary>
    public async Task<VideoTask> GetTaskAsync(string id, string? provider = null,
        CancellationToken cancellationToken = default)
    {
        var spec = provider is null ? null : ModelCatalog.Provider(provider);
        try
        {
            return await CreateRefresher(RetryPolicy.Interactive).GetAsync(id, spec, cancellationToken);
        }
        catch (OmniException failure)
        {
            throw await TryFindRecordAsync(id, spec?.Id) is { } known
                ? failure.ForTask(known.Task)
                : failure.ForUnknownTask();
        }
    }

    /// <summary>
    /// What the ledger knows of a task, without asking a provider; null when it knows nothing, or cannot be used and
    /// <paramref name="provider"/> is given.
    /// </summary>
    public async Task<VideoTask?> FindTaskAsync(string id, string? provider = null,
        CancellationToken cancellationToken = default) =>
        (await CreateRefresher(RetryPolicy.Interactive).FindAsync(
            id, provider is null ? null : ModelCatalog.Provider(provider), cancellationToken))?.Task;

    /// <summary>
    /// A page of the ledger's tasks, newest first, with what to know about the ledger. Asks no provider.
    /// </summary>
    public async Task<VideoTaskPage> ListTasksAsync(VideoTaskQuery? query = null,
        CancellationToken cancellationToken = default) =>
        await ledger.Value.ListAsync(query ?? new(), cancellationToken);

    /// <summary>All pages of <see cref="ListTasksAsync"/>, each read when it is reached.</summary>
    public async IAsyncEnumerable<VideoTaskPage> ListTaskPagesAsync(VideoTaskQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (query ??= new(); ;)
        {
            var page = await ListTasksAsync(query, cancellationToken);
            yield return page;
            if (page.NextCursor is null)
                yield break;
            query = query with { Before = page.NextCursor };
        }
    }

    /// <summary>The tasks of <see cref="ListTaskPagesAsync"/>.</summary>
    public async IAsyncEnumerable<VideoTask> EnumerateTasksAsync(VideoTaskQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in ListTaskPagesAsync(query, cancellationToken))
        {
            foreach (var task in page.Tasks)
                yield return task;
        }
    }

    /// <summary>Where the ledger is: a file, or a server and database.</summary>
    public string LedgerLocation => ledger.Value.Location;

    /// <summary>Starts a wait to which tasks are added.</summary>
    public VideoTaskWait StartWaiting(WaitOptions? options = null) =>
        new(scheduler.Value, lookup, options ?? new(), timeProvider);

    /// <summary>Saves every video of a completed task. What is saved already is not transferred again.</summary>
    public async Task<IReadOnlyList<SavedVideo>> SaveVideosAsync(VideoTask task, SaveOptions options,
        IProgress<SaveProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // The ledger may know more than the caller's snapshot: that it is completed, and which files there are already.
        VideoTask? known = null;
        try
        {
            known = (await ledger.Value.FindAsync(task.Reference, task.Provider, cancellationToken))?.Task;
            if (known is null && task.Id is { } id)
                known = await GetTaskAsync(id, task.Provider, cancellationToken);
        }
        catch (OmniException failure) when (task.Status == VideoTaskStatus.Completed)
        {
            // The clip is paid for and complete: it is saved also when the ledger or the provider cannot be asked.
            OmniTrace.Verbose(failure.Message);
        }
        var isBehind =
            known is null || (known.Status != VideoTaskStatus.Completed && task.Status == VideoTaskStatus.Completed);
        return await saver.Value.SaveAsync(isBehind ? task : known!, options, progress, cancellationToken);
    }

    /// <summary>
    /// Writes one HTML page that shows these tasks and plays their files, and returns how many it shows.
    /// <paramref name="path"/> is absolute; its folder is made if missing. Only a page that was written here before is
    /// overwritten.
    /// </summary>
    public async Task<int> WriteGalleryAsync(IEnumerable<VideoTask> tasks, string path,
        CancellationToken cancellationToken = default)
    {
        var folder =
            Path.GetDirectoryName(path) ?? throw new ArgumentException("The path has no folder.", nameof(path));
        var shown = tasks.DistinctBy(task => task.RequestKey).ToList();
        var references = await new GalleryReferenceReader(ledger.Value).ReadAsync(shown, cancellationToken);
        await GalleryWriter.WriteAsync(path,
            [.. shown.Select(task => GalleryClip.From(task, references.GetValueOrDefault(task.RequestKey), folder))],
            timeProvider, cancellationToken);
        return shown.Count;
    }

    // Null also where the ledger cannot be asked: a save goes on without it.
    private async Task<RequestRecord?> TryFindRecordAsync(string reference, string? provider)
    {
        try
        {
            return await ledger.Value.FindAsync(reference.Trim(), provider, CancellationToken.None);
        }
        catch (OmniException)
        {
            return null;
        }
    }

    private VideoTaskRefresher CreateRefresher(RetryPolicy policy) =>
        new(ledger.Value, spec => providers.GetProvider(spec, policy));

    /// <summary>
    /// The models of the catalog that a query describes, each with what such a clip costs. Asks no provider.
    /// </summary>
    /// <exception cref="OmniException">There is no such provider or capability.</exception>
    public IReadOnlyList<ModelInfo> ListModels(ModelQuery? query = null) =>
        ModelList.List(query ?? new(), Settings, timeProvider.GetUtcNow());

    /// <summary>Asks a provider which video models it offers now, and compares them with the catalog.</summary>
    public async Task<OnlineModels> ListOnlineModelsAsync(string provider,
        CancellationToken cancellationToken = default)
    {
        var spec = Settings.Catalog.GetProvider(provider);
        var online = await providers.GetProvider(spec).ListModelsAsync(cancellationToken);
        return ModelList.Compare(spec, online);
    }

    /// <summary>
    /// The announced end of a task's model, where it has passed: show it once in a session. Null otherwise.
    /// </summary>
    public ModelEnd? FindModelEnd(VideoTask task) =>
        ModelList.FindEnd(Settings.Catalog, task.Provider, task.Model, timeProvider.GetUtcNow());

    /// <summary>What the account at a provider has left.</summary>
    public Task<Balance> GetBalanceAsync(string? provider = null, CancellationToken cancellationToken = default) =>
        providers.GetProvider(Settings.ChooseProvider(provider)).GetBalanceAsync(cancellationToken);

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
