using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>Finds out from the ledger how far the rows of a list are. The ledger is the only state of a batch.</summary>
internal sealed class BatchLedger(ILedgerStore ledger, BatchOptions options)
{
    private readonly Dictionary<string, RequestRecord?> known = [];
    private IReadOnlyList<RequestRecord> requests = [];

    /// <summary>The requests of the batch that were not refused, the ones of rows that are gone included.</summary>
    public IReadOnlyList<RequestRecord> Purchases => [.. requests.Where(request => request.State != LedgerState.Rejected)];

    /// <summary>How many clips of the batch no row of the list has any more.</summary>
    public int Gone { get; private set; }

    /// <summary>Whether the batch has been run before.</summary>
    public bool IsKnown => requests.Count > 0;

    /// <summary>Sets key, record, task and state of every item.</summary>
    public async Task LoadAsync(string batch, IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        requests = await ledger.Batches.GetRequestsAsync(batch, cancellationToken);
        foreach (var request in requests)
            known[request.Task.RequestKey] = request;
        await FindAsync(items.SelectMany(item => new[] { item.BaseKey, BatchKey.NewTake(item.BaseKey, batch) }), cancellationToken);
        var chains = items.Select(item => (Item: item, Key: ChooseKey(item, batch), Attempt: 1)).ToList();
        var used = new HashSet<string>();
        while (chains.Count > 0)
        {
            await FindAsync(chains.Where(each => IsFailed(known[each.Key])).Select(Next), cancellationToken);
            var longer = new List<(BatchItem Item, string Key, int Attempt)>();
            foreach (var chain in chains)
            {
                var key = BatchKey.Retry(chain.Key, chain.Attempt);
                used.Add(key);
                if (IsFailed(known.GetValueOrDefault(key)) && (options.RetryFailed || known.GetValueOrDefault(Next(chain)) is not null))
                    longer.Add(chain with { Attempt = chain.Attempt + 1 });
                else
                    Apply(chain.Item, key, batch);
            }
            await FindAsync(longer.SelectMany(chain => new[] { BatchKey.Retry(chain.Key, chain.Attempt), Next(chain) }), cancellationToken);
            chains = longer;
        }
        Gone = Purchases.Count(request => !used.Contains(request.Task.RequestKey));

        static string Next((BatchItem Item, string Key, int Attempt) chain) => BatchKey.Retry(chain.Key, chain.Attempt + 1);
    }

    /// <summary>How far a request is.</summary>
    public static VideoBatchRowState StateOf(RequestRecord? request) => request switch
    {
        null => VideoBatchRowState.ToSubmit,
        _ when IsFailed(request) => VideoBatchRowState.Failed,
        { State: LedgerState.Rejected } => VideoBatchRowState.ToSubmit,
        { State: LedgerState.Unknown or LedgerState.Intended } => VideoBatchRowState.Unknown,
        { Task.Status: not VideoTaskStatus.Completed } => VideoBatchRowState.Running,
        { Task.Videos.Count: 0 } or { Task.IsUnsaved: true } => VideoBatchRowState.ToDownload,
        _ => VideoBatchRowState.Saved,
    };

    // Refused for what it asks for, or its generation failed. What was refused for other reasons is submitted again.
    private static bool IsFailed(RequestRecord? request) => request switch
    {
        { State: LedgerState.Accepted, Task.Status: VideoTaskStatus.Failed or VideoTaskStatus.Cancelled } => true,
        { State: LedgerState.Rejected, Task.Error.Kind: var kind } => IsFinal(kind),
        _ => false,
    };

    /// <summary>Whether an error says that the same request would meet it again.</summary>
    public static bool IsFinal(OmniErrorKind kind) => kind is OmniErrorKind.InvalidRequest or OmniErrorKind.ContentRejected
        or OmniErrorKind.Permission or OmniErrorKind.NotFound or OmniErrorKind.DuplicateRequest or OmniErrorKind.TaskFailed;

    // The key that the row was or will be bought under: another one than its own where another list bought it and a new take is meant.
    private string ChooseKey(BatchItem item, string batch)
    {
        var take = BatchKey.NewTake(item.BaseKey, batch);
        if (known.GetValueOrDefault(take) is not null)
            return take;
        var isElsewhere = known[item.BaseKey] is { State: not LedgerState.Rejected, Task.Batch: { } other } && other != batch;
        return isElsewhere && options.NewTakes ? take : item.BaseKey;
    }

    private void Apply(BatchItem item, string key, string batch)
    {
        var request = known.GetValueOrDefault(key);
        (item.Key, item.Record) = (key, request);
        if (request is null || item.State == VideoBatchRowState.Invalid)
            return;
        if (item.HasOwnKey && BatchContent.FindDifference(item, request) is { } difference)
        {
            item.Refuse(new(options.KeyColumn ?? BatchColumns.RequestKey, difference));
            return;
        }
        item.State = StateOf(request);
        item.Task = request.State == LedgerState.Rejected ? null : request.Task;
        item.Charged = request.Task.Charged;
        item.BoughtBy = request is { State: not LedgerState.Rejected, Task.Batch: { } other } && other != batch ? other : null;
        if (item.State is VideoBatchRowState.Failed or VideoBatchRowState.Unknown)
            item.Reason = ProviderText.Clean(request.Task.Error?.Message);
    }

    private async Task FindAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var missing = keys.Where(key => !known.ContainsKey(key)).Distinct().ToList();
        if (missing.Count == 0)
            return;
        foreach (var key in missing)
            known[key] = null;
        foreach (var request in await ledger.FindManyAsync(missing, cancellationToken))
        {
            if (known.ContainsKey(request.Task.RequestKey))
                known[request.Task.RequestKey] = request;
        }
    }
}
