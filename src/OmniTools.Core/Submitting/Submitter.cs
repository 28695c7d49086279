using System.Collections.Concurrent;
using System.Text;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.Tasks;

namespace OmniTools.Submitting;

/// <summary>From a request to an accepted task: checked, within the limits, recorded before it is sent, bought at most once.</summary>
internal sealed class Submitter(TaskLedger ledger, TaskReader reader, Func<ProviderSpec, IVideoProvider> providers, OmniSettings settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (string Content, Lazy<Task<VideoTask>> Work)> running = new();

    /// <summary>Checks everything and says what would be sent, what is known already and what stands against it. Sends and records nothing.</summary>
    public SubmitPlan Plan(VideoRequest request, SubmitOptions options)
    {
        var check = Check(request);
        var key = request.RequestKey ?? RequestKey.Mint(time);
        var summary = ledger.Look();
        var known = request.RequestKey is null ? null : ledger.Find(key, null);
        return new()
        {
            Provider = check.Provider.Id,
            Model = check.Request.Model!,
            RequestKey = key,
            Body = Encoding.UTF8.GetString(providers(check.Provider).WriteSubmit(check.Request, key).Body!.Value.Span),
            Seconds = check.Duration,
            EstimatedCredits = Estimate(summary, check),
            Spend = GetSpending(summary),
            Existing = known?.Task,
            Refusal = FindRefusal(check, key, known, summary, request.RequestKey is not null, options),
            Warnings = check.Warnings,
        };
    }

    /// <summary>What was used today, against the limits.</summary>
    public SpendReport GetSpending() => GetSpending(ledger.Look());

    private SpendReport GetSpending(LedgerSummary summary)
    {
        var now = summary.Now(time);
        return SpendLimits.Read(settings).Report(summary.Today(now), now, summary.UnknownPrices(now));
    }

    /// <summary>The error that submitting would end with before anything is sent; null when there is none.</summary>
    private OmniException? FindRefusal(CheckedRequest check, string key, LedgerEntry? known, LedgerSummary summary, bool isOwnKey, SubmitOptions options)
    {
        try
        {
            providers(check.Provider).Transport.RequireKey();
            var wanted = new Wanted(check, WireReferences.Readable(() => ContentHash.Of(check)), key, isOwnKey, options);
            if (IsOtherContent(known, wanted))
                return Refusal.OtherContent(key, check.Provider);
            if (known is { State: LedgerState.Accepted or LedgerState.Intended } or { State: LedgerState.Unknown } && check.Provider.ReadsByRequestKey)
                return null;
            if (known is { State: LedgerState.Unknown } && time.GetUtcNow() - known.First.FirstAt > LedgerConstants.SettlementWindow)
                return Refusal.TooLate(key, check.Provider);
            if (known is { State: LedgerState.Unknown } && Seller.Differs(known.First, providers(check.Provider)) is { } elsewhere)
                return elsewhere;
            CheckAllowed(summary, wanted);
            return null;
        }
        catch (OmniException refusal)
        {
            return refusal;
        }
    }

    /// <summary>Submits; the same key at the same time in this process is one submission.</summary>
    public Task<VideoTask> SubmitAsync(VideoRequest request, SubmitOptions options, CancellationToken stop)
    {
        var check = Check(request);
        providers(check.Provider).Transport.RequireKey();
        var wanted = new Wanted(check, WireReferences.Readable(() => ContentHash.Of(check)), request.RequestKey ?? RequestKey.Mint(time), request.RequestKey is not null, options);
        var mine = new Lazy<Task<VideoTask>>(() => RunAsync(wanted, stop));
        var (content, work) = running.GetOrAdd(wanted.Key, (wanted.Content, mine));
        if (content != wanted.Content)
            throw Refusal.OtherContent(wanted.Key, check.Provider);
        // Who joins may leave again; who began it waits until its outcome is recorded.
        return work == mine ? work.Value : work.Value.WaitAsync(stop);
    }

    /// <summary>One submission as its caller wants it.</summary>
    private sealed record Wanted(CheckedRequest Check, string Content, string Key, bool IsOwnKey, SubmitOptions Options);

    private async Task<VideoTask> RunAsync(Wanted wanted, CancellationToken stop)
    {
        try
        {
            foreach (var warning in wanted.Check.Warnings)
                OmniTrace.Verbose(warning);
            while (true)
            {
                var known = wanted.IsOwnKey ? ledger.Find(wanted.Key, null) : null;
                if (IsOtherContent(known, wanted))
                    throw Refusal.OtherContent(wanted.Key, wanted.Check.Provider);
                if (known is { State: LedgerState.Accepted or LedgerState.Intended })
                    return known.Task;
                try
                {
                    if (known is { State: LedgerState.Unknown } && wanted.Check.Provider.ReadsByRequestKey)
                        await SettleAsync(known, wanted.Check.Provider, stop);
                    else if (await BeginAsync(wanted, known, stop) is { } task)
                        return task;
                }
                catch (OmniException refused) when (known is { State: LedgerState.Unknown } && refused.Charged == Charged.No)
                {
                    // Not sent again now; what was sent before may be paid for.
                    throw refused.About(known.Task);
                }
            }
        }
        finally
        {
            running.TryRemove(wanted.Key, out _);
        }
    }

    private async Task SettleAsync(LedgerEntry known, ProviderSpec spec, CancellationToken stop)
    {
        OmniTrace.Verbose($"Settling request key {known.First.Key} at {spec.Id}");
        try
        {
            var settled = await reader.SettleAsync(known, spec, stop);
            if (settled.Status == VideoTaskStatus.Unknown)
            {
                Refusal.CheckLedger(ledger.Look(), ledger.Folder, time.GetUtcNow());
                throw Refusal.TooLate(known.First.Key, spec);
            }
        }
        catch (OmniException failure) when (failure.Kind != OmniErrorKind.OutcomeUnknown)
        {
            throw PaidPost.OutcomeUnknown(spec, known.First.Key, failure);
        }
    }

    // Null: another process was faster with this key, and what it did has to be looked at first.
    private async Task<VideoTask?> BeginAsync(Wanted wanted, LedgerEntry? known, CancellationToken stop)
    {
        var (check, key, spec) = (wanted.Check, wanted.Key, wanted.Check.Provider);
        var provider = providers(spec);
        var isUnknown = known is { State: LedgerState.Unknown };
        if (isUnknown && Seller.Differs(known!.First, provider) is { } elsewhere)
            throw elsewhere;
        // What the lock's own check would refuse is refused before files are sent for nothing.
        if (WireReferences.NeedsUpload(check.Request))
            CheckAllowed(ledger.Look(), wanted);
        var request = await WireReferences.ResolveAsync(provider, check.Request, isUnknown ? known!.First.Images : null, stop);
        var post = provider.WriteSubmit(request, key);
        var body = ContentHash.Of(post.Body!.Value);
        // Sent again only as the same bytes, and only while the provider can be expected to know the key.
        if (isUnknown && (body != known!.First.Body || time.GetUtcNow() - known.First.FirstAt > LedgerConstants.SettlementWindow))
            throw Refusal.TooLate(key, spec);
        stop.ThrowIfCancellationRequested();
        using var claim = ledger.Claim();
        var intent = await ledger.AppendAsync(summary =>
        {
            if (wanted.IsOwnKey && !IsSame(ledger.Find(key, null), known))
                return null;
            CheckAllowed(summary, wanted);
            return new LedgerRecord
            {
                Event = LedgerEvent.Intent,
                Key = key,
                Provider = spec.Id,
                Model = request.Model,
                Prompt = request.Prompt,
                AspectRatio = check.AspectRatio,
                Duration = check.Duration,
                Resolution = check.Resolution,
                Images = request.Images.Count > 0 ? request.Images : null,
                Video = request.Video is { } video && Reference.FormOf(video) == ReferenceForm.Data ? Reference.Shown(video) : request.Video,
                ExtendFrom = request.ExtendFrom,
                Content = wanted.Content,
                Body = body,
                Owner = claim.Name,
                Estimate = Estimate(summary, check),
                Again = known is null ? null : true,
                Since = isUnknown ? known!.First.FirstAt : null,
            }.SentTo(provider);
        });
        if (intent is null)
            return null;
        wanted.Options.Recorded?.Invoke(key);
        OmniTrace.Verbose($"Submitting to {spec.Id}, model {request.Model}, request key {key}");
        return await FinishAsync(provider, intent, post, isUnknown, claim, stop);
    }

    private void CheckAllowed(LedgerSummary summary, Wanted wanted)
    {
        Refusal.CheckLedger(summary, ledger.Folder, time.GetUtcNow());
        if (!wanted.Options.Force && !wanted.IsOwnKey && summary.Twin(wanted.Content, ledger.IsAlive) is { } twin)
            throw Refusal.Twin(twin, wanted.Check.Provider);
        var now = summary.Now(time);
        if (!summary.IsClaimed(wanted.Key, now))
            SpendLimits.Read(settings).Check(summary.Today(now), Estimate(summary, wanted.Check), now);
    }

    private static bool IsOtherContent(LedgerEntry? known, Wanted wanted) =>
        known is not null && (known.First.Provider != wanted.Check.Provider.Id || (known.First.Content is { } content && content != wanted.Content));

    private static bool IsSame(LedgerEntry? now, LedgerEntry? before) =>
        now is null || before is null ? now == before : now.State == before.State && now.Task.Id == before.Task.Id && now.IsSameAttempt(before);

    private async Task<VideoTask> FinishAsync(IVideoProvider provider, LedgerRecord intent, WireRequest post, bool isUnknown, LedgerClaims.Claim claim, CancellationToken stop)
    {
        var outcome = await new PaidPost(provider, post, intent.Key).SendAsync(isUnknown, stop);
        var failed = outcome switch
        {
            SubmitOutcome.Rejected rejected => rejected.Reason,
            SubmitOutcome.Unknown unknown => unknown.Reason,
            _ => null,
        };
        var record = outcome switch
        {
            SubmitOutcome.Accepted accepted => TaskLedger.Report(isUnknown ? LedgerEvent.Settled : LedgerEvent.Accepted, intent.Key, provider.Spec, intent.Model, accepted.Report),
            SubmitOutcome.Rejected => Failed(LedgerEvent.Rejected, intent.Key, failed!),
            _ => Failed(LedgerEvent.Unknown, intent.Key, failed!),
        };
        try
        {
            await ledger.AppendAsync(record);
        }
        catch (Exception failure) when (record.Id is not null)
        {
            claim.Retire();
            throw Refusal.Unrecorded(record.Id, intent.Key, provider.Spec, failure);
        }
        catch (Exception) when (failed is not null)
        {
            // What came of the request matters more than that it could not be noted: without a record the intent is read as unknown.
            claim.Retire();
        }
        if (outcome is SubmitOutcome.Accepted)
        {
            OmniTrace.Verbose($"{provider.Spec.Name} accepted request key {intent.Key} as task {ProviderText.Clean(record.Id)}");
            return LedgerEntry.Fold([intent, record], settings.IsSandbox, ledger.IsAlive).Task;
        }
        throw failed!;
    }

    private CheckedRequest Check(VideoRequest request)
    {
        var spec = Recorded(request) ?? settings.ChooseProviderFor(request);
        return CatalogCheck.Check(request, spec, settings.ModelFor(spec, request.Model), settings);
    }

    // A repeated request goes where it was sent first, whatever the settings say by now.
    private ProviderSpec? Recorded(VideoRequest request) =>
        string.IsNullOrWhiteSpace(request.Provider) && request.RequestKey is { } key && ledger.Find(key, null) is { } known
            ? Catalog.Providers.FirstOrDefault(spec => spec.Id == known.First.Provider)
            : null;

    private static decimal? Estimate(LedgerSummary summary, CheckedRequest check) =>
        summary.Price(check.Provider.Id, check.Request.Model) ?? check.Model.EstimatedCredits;

    private static LedgerRecord Failed(string what, string key, OmniException reason) => new()
    {
        Event = what,
        Key = key,
        Error = new() { Kind = reason.Kind, Code = reason.ProviderCode, Message = reason.ProviderMessage ?? reason.What, Charged = reason.Charged },
    };
}
