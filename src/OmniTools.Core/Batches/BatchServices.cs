using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Saving;
using OmniTools.Submitting;
using OmniTools.VideoTasks;
using OmniTools.Waiting;

namespace OmniTools.Batches;

/// <summary>What a batch needs of its client.</summary>
internal sealed record BatchServices
{
    public required TimeProvider TimeProvider { get; init; }

    public required ILedgerStore Ledger { get; init; }

    public required SubmissionPlanner Planner { get; init; }

    public required Submitter Submitter { get; init; }

    /// <summary>Asks a provider for a task by its request key.</summary>
    public required Func<string, string, CancellationToken, Task<VideoTask>> GetTask { get; init; }

    public required Func<VideoTaskWait> StartWait { get; init; }

    public required Func<VideoTask, SaveOptions, CancellationToken, Task<IReadOnlyList<SavedVideo>>> Save { get; init; }

    public required Func<string, CancellationToken, Task<Balance>> GetBalance { get; init; }

    public required Func<Action<ProviderHealthNotice>, IDisposable> ObserveHealth { get; init; }
}
