using OmniTools.Providers;
using OmniTools.Tasks;

namespace OmniTools.Ledger;

/// <summary>The durable record of every request and what became of it: append, find, list.</summary>
internal sealed class TaskLedger(string home, bool isSandbox, TimeProvider time)
{
    private readonly LedgerFiles files = new(home);
    private LedgerClaims? claims;
    private LedgerWriter? writer;
    private LedgerReader? lastReader;

    /// <summary>Whether it is the sandbox's.</summary>
    public bool IsSandbox => isSandbox;

    /// <summary>The folder it lies in.</summary>
    public string Folder => files.Folder;

    /// <summary>What the last look at the ledger had to pass over.</summary>
    public IReadOnlyList<string> Warnings => lastReader?.Warnings ?? [];

    private LedgerClaims Claims => LazyInitializer.EnsureInitialized(ref claims, () => new LedgerClaims(files));

    private LedgerWriter Writer => LazyInitializer.EnsureInitialized(ref writer, () => new LedgerWriter(files, time));

    /// <summary>Appends what <paramref name="decide"/> gives under the lock; on disk when this completes.</summary>
    public Task<LedgerRecord?> AppendAsync(Func<LedgerSummary, LedgerRecord?> decide) => Writer.AppendAsync(decide);

    /// <summary>Appends a record; on disk when this completes.</summary>
    public Task AppendAsync(LedgerRecord record) => Writer.AppendAsync(_ => record);

    /// <summary>The state every submission has to know, as of now.</summary>
    public LedgerSummary Look() => Writer.Look();

    /// <summary>Says to every process that a submission is under way, until it is disposed.</summary>
    public LedgerClaims.Claim Claim()
    {
        try
        {
            return Claims.Make();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw files.Unavailable("write", failure);
        }
    }

    /// <summary>Whether the submission of an intent is still under way.</summary>
    public bool IsAlive(string? name) => Claims.IsAlive(name);

    /// <summary>What is known of a task, by id or request key.</summary>
    public LedgerEntry? Find(string handle, string? provider)
    {
        var records = Reader().Find(handle, provider);
        return records.Count == 0 ? null : Fold(records);
    }

    /// <summary>Those of many tasks that are known to have ended, each with its place among them.</summary>
    public IEnumerable<(int Place, VideoTask Task)> Ended(IReadOnlyList<VideoTask> tasks) =>
        from found in Reader().FindAll([.. tasks.Select(task => (task.Handle, task.Provider))])
        let task = Fold(found.Records).Task
        where task.Status.IsFinal()
        select (found.Place, task);

    /// <summary>Tasks newest first, read as they are enumerated: the first twenty of a million touch only the end of the file.</summary>
    public IEnumerable<VideoTask> List(TaskQuery query)
    {
        var before = query.Before;
        foreach (var records in Groups(query.Since))
        {
            if (before is not null)
            {
                before = records[0].Key == before ? null : before;
                continue;
            }
            var task = Fold(records).Task;
            if ((query.Statuses.Count == 0 || query.Statuses.Contains(task.Status))
                && (query.Provider is null || query.Provider == task.Provider)
                && (!query.Unsaved || task.IsUnsaved))
                yield return task;
        }
    }

    /// <summary>The record of what a provider says, to be appended as <paramref name="what"/>.</summary>
    public static LedgerRecord Report(string what, string key, ProviderSpec provider, string? model, TaskReport report) => new()
    {
        Event = what,
        Key = key,
        Id = report.Id,
        Provider = provider.Id,
        Model = report.Model ?? model,
        Status = report.Status.Word(),
        RawStatus = report.RawStatus,
        Progress = report.Progress,
        CreatedAt = report.CreatedAt,
        CompletedAt = report.CompletedAt,
        EstimatedSeconds = report.EstimatedSeconds,
        Cost = report.Cost,
        Credits = report.Credits,
        Videos = report.Videos.Count > 0 ? report.Videos : null,
        Error = report.Error,
    };

    private LedgerReader Reader() => lastReader = new(files);

    private LedgerEntry Fold(IReadOnlyList<LedgerRecord> records)
    {
        var entry = LedgerEntry.Fold(records, isSandbox, IsAlive);
        if (entry.State != LedgerState.Unknown || records[^1].Event != LedgerEvent.Intent)
            return entry;
        // Between the look at the records and the look at its owner, the outcome may have been recorded.
        var newest = new LedgerReader(files).Find(entry.First.Key, entry.First.Provider);
        return newest.Count == 0 ? entry : LedgerEntry.Fold(newest, isSandbox, IsAlive);
    }

    // The records of each key, oldest first; what was asked for last comes first.
    private IEnumerable<List<LedgerRecord>> Groups(DateTimeOffset? since)
    {
        var open = new Dictionary<string, List<LedgerRecord>>();
        var done = new HashSet<string>();
        foreach (var record in Reader().Newest())
        {
            // No record is older than one before it in the file.
            if (record.At < since)
                yield break;
            if (done.Count > 0 && done.Contains(record.Key))
                continue;
            if (!open.TryGetValue(record.Key, out var records))
                open[record.Key] = records = [];
            records.Add(record);
            if (!record.IsFirst)
                continue;
            open.Remove(record.Key);
            if (record.Again == true)
                done.Add(record.Key);
            records.Reverse();
            yield return records;
        }
        // The line that began it is damaged; what was bought is not forgotten over that.
        foreach (var records in open.Values.Where(records => records.Exists(record => record.Id is not null)))
        {
            records.Reverse();
            yield return records;
        }
    }
}
