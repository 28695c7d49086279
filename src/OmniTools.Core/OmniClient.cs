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
using OmniTools.Waiting;

namespace OmniTools;

/// <summary>The five verbs: submit, get, list, wait, save. Safe for use from several threads; makes nothing before it is needed.</summary>
public sealed class OmniClient : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly ProviderSet providers;
    private readonly TaskLedger ledger;
    private readonly SubmitPlanner planner;
    private readonly Submitter submitter;
    private readonly TaskReader reader;
    private readonly Lazy<PollScheduler> scheduler;
    private readonly Lazy<VideoSaver> saver;

    /// <summary>Makes a client; no file is opened and no connection made.</summary>
    public OmniClient(OmniSettings settings, OmniClientOptions? options = null)
    {
        options ??= new();
        settings.Check();
        if (settings.IsSandbox && options.Handler is null)
            throw new ArgumentException("A sandbox client needs the sandbox's handler: nothing may leave the machine.", nameof(options));
        Settings = settings;
        time = options.Time;
        providers = new(settings, options);
        ledger = new(settings.Home, settings.IsSandbox, time);
        reader = new(ledger, providers.For);
        planner = new(ledger, providers.For, settings, time);
        submitter = new(ledger, planner, providers.For, settings.IsSandbox, time);
        scheduler = new(() =>
        {
            var learned = ledger.Look();
            return new(time, providers.Random, new TaskReader(ledger, spec => providers.For(spec, RetryPolicy.Poll)).FollowAsync,
                task => task.EstimatedSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : learned.Expected(task.Provider, task.Model),
                Math.Max(1, options.PollsInFlight), Math.Max(1, options.PollsPerSecond));
        });
        saver = new(() => new(options.Handler, id => providers.BaseOf(Catalog.Provider(id)), providers.Retry,
            (task, policy, stop) => new TaskReader(ledger, spec => providers.For(spec, policy)).AskAsync(task, Catalog.Provider(task.Provider), stop), task => Entry(task.Handle, task.Provider), ledger.AppendAsync));
    }

    /// <summary>
    /// Reports, until the result is disposed, when a provider or a result host becomes unavailable while calls are held for it, and when it
    /// is available again. All observers in the process receive the same notice, on any thread.
    /// </summary>
    public IDisposable ObserveProviderHealth(Action<ProviderHealthNotice> observer) => providers.Breakers.Observe(observer);

    /// <summary>What it was made with.</summary>
    public OmniSettings Settings { get; }

    /// <summary>Checks a request and says what submitting it would do. Nothing is sent or recorded.</summary>
    public SubmitPlan Plan(VideoRequest request, SubmitOptions? options = null) => planner.Plan(request, options ?? new());

    /// <summary>
    /// Submits a request: at most one clip is bought per request key, whatever fails in between. An outcome that cannot be
    /// settled is thrown as <see cref="OmniErrorKind.OutcomeUnknown"/> and stays in the ledger.
    /// </summary>
    public async Task<VideoTask> SubmitAsync(VideoRequest request, SubmitOptions? options = null, CancellationToken stop = default) =>
        await submitter.SubmitAsync(request, options ?? new(), stop);

    /// <summary>
    /// Asks the provider where a task stands, by task id or request key, and records it. The provider is needed only for a
    /// task that the ledger does not know, which is adopted. Never buys anything.
    /// </summary>
    public async Task<VideoTask> GetAsync(string id, string? provider = null, CancellationToken stop = default)
    {
        var spec = provider is null ? null : Catalog.Provider(provider);
        try
        {
            return await reader.GetAsync(id, spec, stop);
        }
        catch (OmniException failure)
        {
            throw Entry(id, spec?.Id) is { } known ? failure.About(known.Task) : failure.AboutUnknown();
        }
    }

    /// <summary>What the ledger knows of a task, without asking anybody; null when it knows nothing.</summary>
    public VideoTask? Find(string id, string? provider = null) =>
        ledger.Find(id, provider is null ? null : Catalog.Provider(provider).Id)?.Task;

    /// <summary>The ledger's tasks, newest first, read as they are enumerated. Asks nobody.</summary>
    public IEnumerable<VideoTask> List(TaskQuery? query = null) => ledger.List(query ?? new());

    /// <summary>Starts a wait to which tasks are added.</summary>
    public TaskWait StartWait(WaitOptions? options = null) =>
        new(scheduler.Value, options ?? new(), time, ledger.Ended);

    /// <summary>Saves every video of a completed task. What is saved already is not transferred again.</summary>
    public async Task<IReadOnlyList<SavedVideo>> SaveAsync(VideoTask task, SaveOptions options, IProgress<SaveProgress>? progress = null, CancellationToken stop = default)
    {
        // The ledger may know more than the caller's snapshot: that it is completed, and which files there are already.
        VideoTask? known = null;
        try
        {
            known = ledger.Find(task.Handle, task.Provider)?.Task;
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
    /// Writes one HTML page that shows these tasks and plays their files, and returns how many it shows. <paramref name="path"/> is absolute;
    /// its folder is made if missing. Only a page that was written here before is overwritten.
    /// </summary>
    public int WriteGallery(IEnumerable<VideoTask> tasks, string path)
    {
        var folder = Path.GetDirectoryName(path) ?? throw new ArgumentException("The path has no folder.", nameof(path));
        var clips = tasks.DistinctBy(task => task.RequestKey).Select(task => GalleryClip.From(task, References(task), folder)).ToList();
        GalleryWriter.Write(path, clips);
        return clips.Count;
    }

    // A saved clip has them beside its file, which is quicker than to search the ledger for each.
    private GalleryReferences? References(VideoTask task)
    {
        if (task.SavedPath is { } path && Sidecar.Read(path) is { } sidecar && sidecar.RequestKey == task.RequestKey)
            return new(sidecar.Images, sidecar.Video, sidecar.ExtendFrom);
        return Entry(task.Handle, task.Provider)?.First is { } request ? new(request.Images, request.Video, request.ExtendFrom) : null;
    }

    // Null also where the ledger cannot be asked: a save goes on without it.
    private LedgerEntry? Entry(string handle, string? provider)
    {
        try
        {
            return ledger.Find(handle.Trim(), provider);
        }
        catch (OmniException)
        {
            return null;
        }
    }

    /// <summary>What the account at a provider has left.</summary>
    public Task<Balance> GetBalanceAsync(string? provider = null, CancellationToken stop = default) =>
        providers.For(Settings.ChooseProvider(provider)).GetBalanceAsync(stop);

    /// <summary>What was bought today, against the limits.</summary>
    public SpendReport Spend() => planner.GetSpending();

    /// <summary>What the last look at the ledger had to pass over (torn or damaged lines), in sentences for people; empty when all is well.</summary>
    public IReadOnlyList<string> LedgerWarnings => ledger.Warnings;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (scheduler.IsValueCreated)
            await scheduler.Value.DisposeAsync();
        if (saver.IsValueCreated)
            saver.Value.Dispose();
        providers.Dispose();
    }
}
