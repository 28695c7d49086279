using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Saving;
using OmniTools.Submitting;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Batches;

/// <summary>What a batch uses of its client, which is in a layer above.</summary>
/// <param name="GetTask">Asks a provider for a task by its request key; the second argument is the provider.</param>
internal sealed record BatchServices(
    TimeProvider TimeProvider,
    ILedgerStore Ledger,
    SubmissionPlanner Planner,
    Submitter Submitter,
    Func<string, string, CancellationToken, Task<VideoTask>> GetTask,
    Func<VideoTaskWait> StartWait,
    Func<VideoTask, SaveOptions, CancellationToken, Task<IReadOnlyList<SavedVideo>>> Save,
    Func<string, CancellationToken, Task<Balance>> GetBalance,
    Func<Action<ProviderHealthNotice>, IDisposable> ObserveHealth);
