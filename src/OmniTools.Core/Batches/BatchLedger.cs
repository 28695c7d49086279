using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>
/// Finds out from the ledger how far the rows of a list are. The ledger is the only state of a batch.
/// </summary>
internal sealed class BatchLedger(ILedgerStore ledger, BatchOptions options)
{
    private readonly string batch = options.Name!;

    // Null: the ledger has no request of this key.
    private readonly Dictionary<string, RequestRecord?> known = [];

    /// <summary>The requests of the batch that were not refused, those of rows that are gone included.</summary>
    public IReadOnlyList<RequestRecord> Purchases { get; private set; } = [];

    /// <summary>How many clips of the batch belong to no row of the list.</summary>
    public int Gone { get; private set; }

    /// <summary>Whether the batch has been run before.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Sets key, record, task and state of every item.</summary>
    public async Task LoadAsync(IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        var requests = await ledger.Batches.GetRequestsAsync(batch, cancellationToken);
        foreach (var request in requests)
            known[request.Task.RequestKey] = request;
        IsKnown = requests.Count > 0;
        Purchases = [.. requests.Where(IsPurchase)];
        await FindAsync(items.SelectMany(item => new[] { item.BaseKey, BatchKey.CreateNewTake(item.BaseKey, batch) }),
            cancellationToken);
        foreach (var item in items)
            item.Key = ChooseKey(item);
        var keys = items.Select(item => item.Key).ToHashSet();
        for (var open = items; open.Count > 0;)
        {
            // A clip without a file may have been lost and bought again.
            var failed = open.Where(item => IsFailed(known[item.Key]) || known[item.Key]?.Task.IsUnsaved == true)
                .ToList();
            await FindAsync(failed.Select(item => BatchKey.CreateNextRetry(item.Key)), cancellationToken);
            open = failed.FindAll(item => known[BatchKey.CreateNextRetry(item.Key)] is not null
                || (options.RetryFailed && IsFailed(known[item.Key])));
            foreach (var item in open)
                keys.Add(item.Key = BatchKey.CreateNextRetry(item.Key));
        }
        foreach (var item in items)
            Apply(item);
        Gone = Purchases.Count(request => !keys.Contains(request.Task.RequestKey));
    }

    /// <summary>Whether a request was or may have been bought.</summary>
    public static bool IsPurchase(RequestRecord request) => request.State != LedgerState.Rejected;

    /// <summary>How far a request is.</summary>
    public static VideoBatchRowState GetState(RequestRecord request) => request switch
    {
        _ when IsFailed(request) => VideoBatchRowState.Failed,
        { State: LedgerState.Rejected } => VideoBatchRowState.ToSubmit,
        { State: LedgerState.Unknown or LedgerState.Intended } => VideoBatchRowState.Unknown,
        { Task.Status: not VideoTaskStatus.Completed } => VideoBatchRowState.Running,
        { Task.Videos.Count: 0 } or { Task.IsUnsaved: true } => VideoBatchRowState.ToDownload,
        _ => VideoBatchRowState.Saved,
    };

    // The same request would be refused again, or its generation failed. Other refused requests are submitted again.
    private static bool IsFailed(RequestRecord? request) => request switch
    {
        { State: LedgerState.Accepted, Task.Status: VideoTaskStatus.Failed or VideoTaskStatus.Cancelled } => true,
        { State: LedgerState.Rejected, Task.Error.Kind: var kind } => kind is OmniErrorKind.InvalidRequest
            or OmniErrorKind.ContentRejected or OmniErrorKind.Permission or OmniErrorKind.NotFound
            or OmniErrorKind.DuplicateRequest or OmniErrorKind.TaskFailed,
        _ => false,
    };

    // The key that the row was or will be bought under: another than its own where another list bought it and a new
    // take is wanted.
    private string ChooseKey(BatchItem item)
    {
        var take = BatchKey.CreateNewTake(item.BaseKey, batch);
        return known[take] is not null || (options.NewTakes && FindOtherList(known[item.BaseKey]) is not null)
            ? take
            : item.BaseKey;
    }

    private string? FindOtherList(RequestRecord? request) =>
        request is { State: not LedgerState.Rejected, Task.Batch: { } other } && other != batch ? other : null;

    private void Apply(BatchItem item)
    {
        item.Record = known[item.Key];
        if (item.Record is not { } request || item.State == VideoBatchRowState.Invalid)
            return;
        if (item.HasOwnKey && BatchKeyConflict.Find(item, request) is { } conflict)
        {
            item.Refuse($"{options.KeyColumn ?? BatchColumns.RequestKey} {conflict}");
            return;
        }
        item.State = GetState(request);
        item.Task = IsPurchase(request) ? request.Task : null;
        item.Charged = request.Task.Charged;
        item.BoughtBy = FindOtherList(request);
        if (item.State is VideoBatchRowState.Failed or VideoBatchRowState.Unknown)
            item.Reason = ProviderText.Clean(request.Task.Error?.Message);
    }

    private async Task FindAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var missing = keys.Where(key => known.TryAdd(key, null)).ToList();
        if (missing.Count == 0)
            return;
        foreach (var request in await ledger.FindManyAsync(missing, cancellationToken))
        {
            if (known.ContainsKey(request.Task.RequestKey))
                known[request.Task.RequestKey] = request;
        }
    }
}
