using OmniTools.Batches;
using OmniTools.Errors;

namespace OmniTools;

/// <content>Lists that are run to their end.</content>
public sealed partial class OmniClient
{
    /// <summary>
    /// Checks a list and says what running it would do. Nothing is sent but questions for balances, and nothing is
    /// recorded.
    /// </summary>
    public Task<BatchPlan> PlanBatchAsync(BatchOptions options, CancellationToken cancellationToken = default) =>
        Batches.PlanAsync(options, cancellationToken);

    /// <summary>
    /// Runs a list until every row has a file or a reason why not, as far as <see cref="BatchOptions.RetryFor"/>
    /// allows; run again, it does the rest. One run at a time owns a batch. <paramref name="stopRequested"/> begins
    /// nothing new and lets finish what runs.
    /// </summary>
    /// <exception cref="OmniException">The list or the ledger cannot be used, or another process runs the
    /// batch.</exception>
    public async Task<VideoBatchResult> RunBatchAsync(BatchOptions options, BatchObserver? observer = null,
        CancellationToken stopRequested = default, CancellationToken cancellationToken = default)
    {
        observer ??= new();
        var (result, tasks) = await Batches.RunAsync(options, observer, stopRequested, cancellationToken);
        var page = Path.Combine(options.WithDefaults().Destination!, "gallery.html");
        if (options.NoGallery || tasks.Count == 0 || (result.HadNothingToDo && File.Exists(page)))
            return result;
        try
        {
            await WriteGalleryAsync(tasks, page, CancellationToken.None);
            return result with { Gallery = page };
        }
        catch (Exception failure) when (failure is OmniException or IOException or UnauthorizedAccessException)
        {
            observer.Notice?.Invoke(
                $"The gallery page {page} cannot be written: {(failure as OmniException)?.Summary ?? failure.Message}");
            return result;
        }
    }

    /// <summary>How far a list or a batch is, by the ledger. Asks no provider.</summary>
    public Task<VideoBatchResult> GetBatchAsync(BatchOptions options, CancellationToken cancellationToken = default) =>
        Batches.GetAsync(options, cancellationToken);

    /// <summary>The names of all batches of the ledger, newest first.</summary>
    public Task<IReadOnlyList<string>> ListBatchesAsync(CancellationToken cancellationToken = default) =>
        ledger.Value.Batches.ListAsync(cancellationToken);

    private VideoBatches Batches => new(new(
        timeProvider, ledger.Value, planner.Value, submitter.Value, GetTaskAsync, () => StartWaiting(),
        (task, options, cancellationToken) => SaveVideosAsync(task, options, null, cancellationToken),
        GetBalanceAsync, ObserveProviderHealth));
}
