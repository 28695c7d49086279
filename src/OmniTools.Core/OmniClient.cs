using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Saving;
using OmniTools.Spending;
using OmniTools.Submitting;
using OmniTools.Tasks;
using OmniTools.Waiting;

namespace OmniTools;

/// <summary>What a client is given instead of the machine's own network, clock and dice.</summary>
public sealed record OmniClientOptions
{
    /// <summary>Answers API calls and downloads alike; null: the network. The sandbox is one.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock. The default is the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gives numbers from 0 to 1, for delays between attempts. The default is the system's generator.</summary>
    public Func<double>? Random { get; init; }
}

/// <summary>The five verbs: submit, get, list, wait, save. Safe for use from several threads; makes nothing before it is needed.</summary>
public sealed class OmniClient : IAsyncDisposable
{
    /// <summary>Makes a client; no file is opened and no connection made.</summary>
    public OmniClient(OmniSettings settings, OmniClientOptions? options = null) => throw new NotImplementedException();

    /// <summary>What it was made with.</summary>
    public OmniSettings Settings => throw new NotImplementedException();

    /// <summary>Checks a request and says what submitting it would do. Nothing is sent or recorded.</summary>
    public SubmitPlan Plan(VideoRequest request) => throw new NotImplementedException();

    /// <summary>
    /// Submits a request: at most one clip is bought per request key, whatever fails in between. An outcome that cannot be
    /// settled is thrown as <see cref="Errors.OmniErrorKind.OutcomeUnknown"/> and stays in the ledger.
    /// </summary>
    public Task<VideoTask> SubmitAsync(VideoRequest request, SubmitOptions? options = null, CancellationToken stop = default) => throw new NotImplementedException();

    /// <summary>
    /// Asks the provider where a task stands, by task id or request key, and records it. The provider is needed only for a
    /// task that the ledger does not know, which is adopted. Never buys anything.
    /// </summary>
    public Task<VideoTask> GetAsync(string id, string? provider = null, CancellationToken stop = default) => throw new NotImplementedException();

    /// <summary>What the ledger knows of a task, without asking anybody; null when it knows nothing.</summary>
    public VideoTask? Find(string id, string? provider = null) => throw new NotImplementedException();

    /// <summary>The ledger's tasks, newest first, read as they are enumerated. Asks nobody.</summary>
    public IEnumerable<VideoTask> List(TaskQuery? query = null) => throw new NotImplementedException();

    /// <summary>Starts a wait to which tasks are added.</summary>
    public TaskWait StartWait(WaitOptions? options = null) => throw new NotImplementedException();

    /// <summary>Saves every video of a completed task. What is saved already is not transferred again.</summary>
    public Task<IReadOnlyList<SavedVideo>> SaveAsync(VideoTask task, SaveOptions options, IProgress<SaveProgress>? progress = null, CancellationToken stop = default) => throw new NotImplementedException();

    /// <summary>What the account at a provider has left.</summary>
    public Task<Balance> GetBalanceAsync(string? provider = null, CancellationToken stop = default) => throw new NotImplementedException();

    /// <summary>What was bought today, against the limits.</summary>
    public SpendReport Spend() => throw new NotImplementedException();

    /// <summary>What the ledger's readers had to pass over (torn or damaged lines), in sentences for people; empty when all is well.</summary>
    public IReadOnlyList<string> LedgerWarnings => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
