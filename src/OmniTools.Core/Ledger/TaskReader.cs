using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Tasks;

namespace OmniTools.Ledger;

/// <summary>Asks providers where tasks stand and keeps the ledger up with them. Reads only: nothing here can cost money.</summary>
internal sealed class TaskReader(TaskLedger ledger, Func<ProviderSpec, IVideoProvider> providers)
{
    /// <summary>By task id or request key; a task that the ledger does not know needs its provider and is adopted.</summary>
    public async Task<VideoTask> GetAsync(string handle, ProviderSpec? spec, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(handle))
            throw new OmniException(OmniErrorKind.InvalidRequest, "A task id is missing") { Charged = Charged.No, Field = "task_id", Received = "an empty text" };
        handle = handle.Trim();
        // Of a doubt whose request is damaged the provider is not known either: who names it can settle it.
        return ledger.Find(handle, spec?.Id) is { Task.Provider.Length: > 0 } known
            ? await RefreshAsync(known, stop)
            : await AdoptAsync(handle, spec ?? throw NotKnown(handle), stop);
    }

    /// <summary>One poll of a wait: like a get, but an end that another process has seen is not asked for again, and an outcome that asking cannot settle ends the wait for it.</summary>
    public async Task<VideoTask> FollowAsync(VideoTask task, CancellationToken stop)
    {
        var spec = Catalog.Provider(task.Provider);
        var seen = ledger.Find(task.Handle, spec.Id) is not { } known ? await AdoptAsync(task.Handle, spec, stop)
            : known.Task.Status.IsFinal() ? known.Task
            : await RefreshAsync(known, stop);
        return seen.Status != VideoTaskStatus.Unknown ? seen : throw new OmniException(OmniErrorKind.OutcomeUnknown, "The outcome of the submission is not known")
        {
            Provider = spec.Id,
            RequestKey = seen.RequestKey,
            WasSent = true,
            Charged = Charged.Unknown,
            NextStep = UnknownOutcome.NextStep(spec.Id, seen.RequestKey),
        };
    }

    /// <summary>Asks where a known task stands now.</summary>
    public async Task<VideoTask> RefreshAsync(LedgerEntry known, CancellationToken stop)
    {
        var spec = Catalog.Provider(known.Task.Provider);
        return known.State switch
        {
            LedgerState.Accepted => await AskAsync(known.Task, spec, stop),
            LedgerState.Unknown when spec.ReadsByRequestKey => await SettleAsync(known, spec, stop),
            _ => known.Task,
        };
    }

    /// <summary>Asks where an accepted task stands now, and records what changed.</summary>
    public async Task<VideoTask> AskAsync(VideoTask task, ProviderSpec spec, CancellationToken stop)
    {
        var report = await providers(spec).GetAsync(task.Id!, stop);
        var record = State(task, spec, report);
        var fresh = LedgerEntry.Told(task, record);
        if (IsNews(task, fresh))
        {
            OmniTrace.Verbose($"Task {ProviderText.Clean(task.Id)}: {fresh.Status.Word()}");
            await RecordAsync(() => record);
        }
        return fresh;
    }

    /// <summary>
    /// Asks a provider that reads by request key what became of an unknown request, and records it. It stays unknown where the provider
    /// may have forgotten, where it may not show the task yet, or the clock cannot tell, and is refused where another than the request was sent to has none.
    /// </summary>
    public async Task<VideoTask> SettleAsync(LedgerEntry known, ProviderSpec spec, CancellationToken stop)
    {
        var key = known.First.Key;
        var provider = providers(spec);
        var report = await provider.FindByKeyAsync(key, stop);
        if (report is null && Seller.Differs(known.First, provider) is { } elsewhere)
            throw elsewhere;
        if (report is null && (provider.Now() - known.First.FirstAt > LedgerConstants.SettlementWindow
            || provider.Now() - known.LastAt < LedgerConstants.ReadDelay || ledger.Look().IsAhead(provider.Now())))
            return known.Task;
        OmniTrace.Verbose($"Request key {key} settled: {(report is null ? "never accepted" : $"task {ProviderText.Clean(report.Id)}")}");
        var record = report is not null
            ? TaskLedger.Report(LedgerEvent.Settled, key, spec, known.Task.Model, report)
            : new LedgerRecord
            {
                Event = LedgerEvent.Settled,
                Key = key,
                Error = new()
                {
                    Kind = OmniErrorKind.ProviderUnavailable,
                    Message = $"{spec.Name} never accepted the request: nothing was billed. Submit it again if it is still wanted, with the request key '{key}' if it shall stay the same request.",
                    Charged = Charged.No,
                },
            };
        // Under the lock: meanwhile another process may have settled it, or sent it again, even if it died of that.
        await ledger.AppendAsync(_ => ledger.Find(key, spec.Id) is { State: LedgerState.Unknown } now && now.IsSameAttempt(known) ? record : null);
        return ledger.Find(key, spec.Id)?.Task ?? known.Task;
    }

    private async Task<VideoTask> AdoptAsync(string id, ProviderSpec spec, CancellationToken stop)
    {
        var report = await providers(spec).GetAsync(id, stop);
        var theirs = WireValues.IsId(report.RequestKey) ? report.RequestKey : null;
        var known = Known();
        var record = Record();
        // Under the lock: who asks for it at the same time adopts the same task.
        await RecordAsync(() =>
        {
            known = Known();
            record = Record();
            return known is { State: LedgerState.Accepted } && !IsNews(known.Task, LedgerEntry.Told(known.Task, record)) ? null : record;
        });
        return known is null ? LedgerEntry.Fold([record], ledger.IsSandbox, ledger.IsAlive).Task : LedgerEntry.Told(known.Task, record);

        // Under a key that was made here there is one task, whatever the answer calls it.
        LedgerEntry? Known() => theirs is not null && ledger.Find(theirs, spec.Id) is { First.Event: not LedgerEvent.Adopted } made ? made : ledger.Find(report.Id, spec.Id);

        LedgerRecord Record() => known switch
        {
            // A key that another task has, at another provider or in another account, tells them apart no more.
            null => TaskLedger.Report(LedgerEvent.Adopted, theirs is null || ledger.Find(theirs, null) is not null ? $"{spec.Id}:{report.Id}" : theirs, spec, null, report),
            { State: LedgerState.Accepted } => State(known.Task, spec, report),
            // Made here: what was unknown is settled by this.
            _ => TaskLedger.Report(LedgerEvent.Settled, known.First.Key, spec, known.Task.Model, report),
        };
    }

    // The id it was accepted under is the one it is asked for by, whatever an answer calls it.
    private static LedgerRecord State(VideoTask task, ProviderSpec spec, TaskReport report) =>
        TaskLedger.Report(LedgerEvent.State, task.RequestKey, spec, task.Model, report) with { Id = task.Id ?? report.Id, CreatedAt = report.CreatedAt ?? task.CreatedAt };

    private static bool IsNews(VideoTask task, VideoTask fresh) =>
        task.Status != fresh.Status || task.RawStatus != fresh.RawStatus || task.Credits != fresh.Credits || task.CompletedAt != fresh.CompletedAt
        || task.Error != fresh.Error || !task.Videos.Select(video => video.Url).SequenceEqual(fresh.Videos.Select(video => video.Url));

    // A read that cannot be recorded is still an answer: the provider can be asked again.
    private async Task RecordAsync(Func<LedgerRecord?> decide)
    {
        try
        {
            await ledger.AppendAsync(_ => decide());
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.LedgerUnavailable)
        {
            OmniTrace.Verbose(failure.Message);
        }
    }

    private static OmniException NotKnown(string handle) => new(OmniErrorKind.NotFound, "The ledger knows no such task")
    {
        Charged = Charged.No, // Nothing was sent.
        Field = "task_id",
        Received = ProviderText.Clean(handle),
        NextStep = $"List the tasks to see their ids; for a task made elsewhere name its provider as well ({string.Join(", ", Catalog.Providers.Select(spec => spec.Id))})",
    };
}
