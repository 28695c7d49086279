using OmniTools.Catalog;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Tracking;

/// <summary>
/// Asks providers where tasks stand and records what changed. Reads only: nothing here can cost money.
/// </summary>
internal sealed class VideoTaskRefresher(ILedgerStore ledger, Func<ProviderSpec, IVideoProvider> providers)
{
    /// <summary>
    /// By task id or request key; a task that the ledger does not know needs its provider and is adopted.
    /// </summary>
    public async Task<VideoTask> GetAsync(string reference, ProviderSpec? spec, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reference))
            throw CreateNoReferenceError();
        reference = reference.Trim();
        return await FindAsync(reference, spec, cancellationToken) is { } known
            ? await RefreshAsync(known, cancellationToken)
            : await AdoptAsync(reference, spec ?? throw CreateNotKnownError(reference), cancellationToken);
    }

    /// <summary>
    /// What the ledger knows. Null also where it cannot be used and the provider is named: the provider can be asked,
    /// so a clip that is paid for is saved without the ledger.
    /// </summary>
    public async Task<RequestRecord?> FindAsync(
        string reference, ProviderSpec? spec, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.FindAsync(reference, spec?.Id, cancellationToken);
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.LedgerUnavailable && spec is not null)
        {
            OmniTrace.Verbose(failure.Message);
            return null;
        }
    }

    /// <summary>
    /// One poll of a wait: like a get, but a task that has ended already is not asked for again, and an outcome that
    /// asking cannot settle ends the wait for it.
    /// </summary>
    public async Task<VideoTask> FollowAsync(VideoTask task, CancellationToken cancellationToken)
    {
        var spec = ModelCatalog.Provider(task.Provider);
        var seen = await ledger.FindAsync(task.Reference, spec.Id, cancellationToken) is not { } known
            ? await AdoptAsync(task.Reference, spec, cancellationToken)
            : known.Task.Status.IsTerminal() ? known.Task
            : await RefreshAsync(known, cancellationToken);
        return seen.Status != VideoTaskStatus.Unknown ? seen
            : throw new OmniException(OmniErrorKind.OutcomeUnknown, "The outcome of the submission is not known", new()
            {
                Provider = spec.Id,
                RequestKey = seen.RequestKey,
                WasSent = true,
                Charged = Charged.Unknown,
                NextStep = UnknownOutcome.NextStep(spec.Id, seen.RequestKey),
            });
    }

    /// <summary>Asks for the state of an accepted task, and records what changed.</summary>
    public Task<VideoTask> AskAsync(VideoTask task, CancellationToken cancellationToken) =>
        AskAsync(new RequestRecord { Task = task, State = LedgerState.Accepted }, cancellationToken);

    /// <summary>
    /// Asks a provider that reads by request key what became of an unknown request, and records it. It stays unknown
    /// where the provider may have forgotten the key or may not show the task yet. An account that the request was not
    /// sent to is refused.
    /// </summary>
    public async Task<VideoTask> SettleAsync(RequestRecord known, CancellationToken cancellationToken)
    {
        var (key, spec) = (known.Task.RequestKey, ModelCatalog.Provider(known.Task.Provider));
        var provider = providers(spec);
        var report = await provider.FindTaskByKeyAsync(key, cancellationToken);
        if (report is null && AccountIdentity.FindDifference(known, provider) is { } elsewhere)
            throw elsewhere;
        if (report is null && (known.IsTooNewToSettle
            || (await ledger.GetDayAsync(null, cancellationToken)).IsClockBehind))
            return known.Task;
        var neverAccepted = new VideoTaskError
        {
            Kind = OmniErrorKind.ProviderUnavailable,
            Message =
                $"{spec.Name} never accepted the request: nothing was billed. Submit it again if it is still wanted, " +
                $"with the request key '{key}' if it shall stay the same request.",
            Charged = Charged.No,
        };
        // An answer that there is no task says nothing about an attempt that another process began meanwhile.
        // The request may have become too old while its provider could not be asked.
        var settled = (await ledger.UpdateAsync(key, spec.Id,
            now => report is not null ? now.Apply(report)
                : now.IsTooOldToSettle ? null : now.SettleAsNeverAccepted(known.Attempt, neverAccepted),
            CancellationToken.None))?.Task ?? known.Task;
        OmniTrace.Verbose(
            $"Request key {key}: {ProviderText.Clean(report?.Id) ?? "no task"}, {settled.Status.ToWireName()}");
        return settled;
    }

    private async Task<VideoTask> RefreshAsync(RequestRecord known, CancellationToken cancellationToken) =>
        known.State switch
        {
            LedgerState.Accepted => await AskAsync(known, cancellationToken),
            LedgerState.Unknown when ModelCatalog.Provider(known.Task.Provider).ReadsByRequestKey =>
                await SettleAsync(known, cancellationToken),
            _ => known.Task,
        };

    private async Task<VideoTask> AskAsync(RequestRecord known, CancellationToken cancellationToken)
    {
        var report = await providers(ModelCatalog.Provider(known.Task.Provider))
            .GetTaskAsync(known.Task.Id!, cancellationToken);
        var fresh = known.Apply(report);
        if (!known.HasChanges(fresh))
            return fresh.Task;
        OmniTrace.Verbose($"Task {ProviderText.Clean(fresh.Task.Id)}: {fresh.Task.Status.ToWireName()}");
        // The id that it was accepted under is the one to ask by, whatever an answer calls it.
        return await RecordAsync(() => ledger.UpdateAsync(known.Task.Id!, known.Task.Provider,
            now => now.Apply(report) is var after && now.HasChanges(after) ? after : null, CancellationToken.None),
            fresh);
    }

    private async Task<VideoTask> AdoptAsync(string id, ProviderSpec spec, CancellationToken cancellationToken)
    {
        var provider = providers(spec);
        var report = await provider.GetTaskAsync(id, cancellationToken);
        return await RecordAsync(async () => await ledger.AdoptAsync(spec.Id, report, CancellationToken.None),
            RequestRecord.Adopt($"{spec.Id}:{report.Id}", spec.Id, report, provider.GetUtcNow()));
    }

    // A read that cannot be recorded is still an answer: the provider can be asked again.
    private static async Task<VideoTask> RecordAsync(Func<Task<RequestRecord?>> record, RequestRecord fresh)
    {
        try
        {
            return (await record() ?? fresh).Task;
        }
        catch (OmniException failure) when (failure.Kind == OmniErrorKind.LedgerUnavailable)
        {
            OmniTrace.Verbose(failure.Message);
            return fresh.Task;
        }
    }

    private static OmniException CreateNotKnownError(string reference) =>
        new(OmniErrorKind.NotFound, "The ledger knows no such task", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "task_id",
            Received = ProviderText.Clean(reference),
            NextStep = "List the tasks to see their ids; for a task made elsewhere name its provider as well " +
            $"({string.Join(", ", ModelCatalog.Providers.Select(spec => spec.Id))})",
        });

    private static OmniException CreateNoReferenceError() => new(OmniErrorKind.InvalidRequest,
        "A task id is missing", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "task_id",
            Received = "an empty text",
        });
}
