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
internal sealed class Submitter(
    TaskLedger ledger, Func<ProviderSpec, RetryPolicy, IVideoProvider> providers, OmniSettings settings, TimeProvider time)
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
            Body = Encoding.UTF8.GetString(providers(check.Provider, RetryPolicy.Interactive).WriteSubmit(check.Request, key).Body!.Value.Span),
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
            providers(check.Provider, RetryPolicy.Interactive).Transport.RequireKey();
            var wanted = new Wanted(check, WireReferences.Readable(() => ContentHash.Of(check)), key, isOwnKey, options);
            if (IsOtherContent(known, wanted))
                return SubmissionErrors.OtherContent(key, check.Provider);
            if (known is { State: LedgerState.Accepted or LedgerState.Intended } or { State: LedgerState.Unknown } && check.Provider.ReadsByRequestKey)
                return null;
            if (known is { State: LedgerState.Unknown } && time.GetUtcNow() - known.First.FirstAt > LedgerConstants.SettlementWindow)
                return SubmissionErrors.TooLate(key, check.Provider);
            if (known is { State: LedgerState.Unknown } && Seller.Differs(known.First, providers(check.Provider, RetryPolicy.Interactive)) is { } elsewhere)
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
        providers(check.Provider, RetryPolicy.Interactive).Transport.RequireKey();
        var wanted = new Wanted(check, WireReferences.Readable(() => ContentHash.Of(check)), request.RequestKey ?? RequestKey.Mint(time), request.RequestKey is not null, options);
        var mine = new Lazy<Task<VideoTask>>(() => RunAsync(wanted, stop));
        var (content, work) = running.GetOrAdd(wanted.Key, (wanted.Content, mine));
        if (content != wanted.Content)
            throw SubmissionErrors.OtherContent(wanted.Key, check.Provider);
        // Who joins may leave again; who began it waits until its outcome is recorded.
        return work == mine ? work.Value : work.Value.WaitAsync(stop);
    }

    /// <summary>One submission as its caller wants it.</summary>
    private sealed record Wanted(CheckedRequest Check, string Content, string Key, bool IsOwnKey, SubmitOptions Options)
    {
        public RetryPolicy Policy { get; } = RetryPolicy.Hold(Options.HoldFor);
    }

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
                    throw SubmissionErrors.OtherContent(wanted.Key, wanted.Check.Provider);
                if (known is { State: LedgerState.Accepted or LedgerState.Intended })
                    return known.Task;
                try
                {
                    if (known is { State: LedgerState.Unknown } && wanted.Check.Provider.ReadsByRequestKey
                        && await TrySettleAsync(known, wanted.Check.Provider, wanted.Policy, stop))
                        continue;
                    if (await BeginAsync(wanted, known, stop) is { } task)
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

    // Whether it is settled; false: the provider has no task for the key, so the same request may be sent again.
    private async Task<bool> TrySettleAsync(LedgerEntry known, ProviderSpec spec, RetryPolicy policy, CancellationToken stop)
    {
        OmniTrace.Verbose($"Settling request key {known.First.Key} at {spec.Id}");
        try
        {
            var reader = new TaskReader(ledger, each => providers(each, policy));
            return (await reader.SettleAsync(known, spec, stop)).Status != VideoTaskStatus.Unknown;
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
        var provider = providers(spec, RetryPolicy.Interactive);
        var isUnknown = known is { State: LedgerState.Unknown };
        if (isUnknown && Seller.Differs(known!.First, provider) is { } elsewhere)
            throw elsewhere;
        // What the lock's own check would refuse is refused before files are sent for nothing.
        if (WireReferences.NeedsUpload(check.Request))
            CheckAllowed(ledger.Look(), wanted);
        var uploader = providers(spec, wanted.Policy);
        var request = await WireReferences.ResolveAsync(uploader, check.Request, isUnknown ? known!.First.Images : null, stop);
        var post = provider.WriteSubmit(request, key);
        var body = ContentHash.Of(post.Body!.Value);
        // Sent again only as the same bytes, and only while the provider can be expected to know the key.
        if (isUnknown && (body != known!.First.Body || time.GetUtcNow() - known.First.FirstAt > LedgerConstants.SettlementWindow))
            throw SubmissionErrors.TooLate(key, spec);
        var attempts = uploader.Transport.Begin(CallKind.Submit);
        OmniException? lastError = null;
        while (true)
        {
            // Held before the intent is recorded: nothing is open in the ledger meanwhile, and the limits are checked afterwards.
            using var permit = isUnknown ? attempts.Bypass()
                : await attempts.EnterAsync(stop) ?? throw lastError ?? uploader.Transport.Unavailable(attempts.Outage, null, key);
            stop.ThrowIfCancellationRequested();
            using var claim = ledger.Claim();
            var intent = await RecordIntentAsync(wanted, known, request, body, claim, provider);
            if (intent is null)
                return null;
            wanted.Options.Recorded?.Invoke(key);
            OmniTrace.Verbose($"Submitting to {spec.Id}, model {request.Model}, request key {key}");
            var outcome = await new PaidPost(provider, post, key, attempts).SendAsync(permit, isUnknown ? known!.LastAt : null, stop);
            var task = await RecordOutcomeAsync(provider, intent, outcome, isUnknown, claim);
            if (task is not null)
                return task;
            var error = outcome switch
            {
                SubmitOutcome.Rejected rejected => rejected.Reason,
                SubmitOutcome.Unknown unknown => unknown.Reason,
                _ => throw new InvalidOperationException("An accepted request has a task."),
            };
            if (outcome is not SubmitOutcome.Rejected { IsTemporary: true } refused
                || !await attempts.WaitAsync(refused.RetryAfter, $"{error.What} for request key {key}", stop))
                throw error;
            (known, isUnknown, lastError) = (ledger.Find(key, null), false, error);
            if (known is not { State: LedgerState.Rejected })
                return null;
        }
    }

    private Task<LedgerRecord?> RecordIntentAsync(Wanted wanted, LedgerEntry? known, VideoRequest request, string body, LedgerClaims.Claim claim, IVideoProvider provider)
    {
        var check = wanted.Check;
        return ledger.AppendAsync(summary =>
        {
            if ((wanted.IsOwnKey || known is not null) && !IsSame(ledger.Find(wanted.Key, null), known))
                return null;
            CheckAllowed(summary, wanted);
            return new LedgerRecord
            {
                Event = LedgerEvent.Intent,
                Key = wanted.Key,
                Provider = check.Provider.Id,
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
                Since = known is { State: LedgerState.Unknown } ? known.First.FirstAt : null,
            }.SentTo(provider);
        });
    }

    private void CheckAllowed(LedgerSummary summary, Wanted wanted)
    {
        SubmissionErrors.CheckLedger(summary, ledger.Folder, time.GetUtcNow());
        if (!wanted.Options.Force && !wanted.IsOwnKey && summary.Twin(wanted.Content, ledger.IsAlive) is { } twin)
            throw SubmissionErrors.UnsettledDuplicate(twin, wanted.Check.Provider);
        var now = summary.Now(time);
        if (!summary.IsClaimed(wanted.Key, now))
            SpendLimits.Read(settings).Check(summary.Today(now), Estimate(summary, wanted.Check), now);
    }

    private static bool IsOtherContent(LedgerEntry? known, Wanted wanted) =>
        known is not null && (known.First.Provider != wanted.Check.Provider.Id || (known.First.Content is { } content && content != wanted.Content));

    private static bool IsSame(LedgerEntry? now, LedgerEntry? before) =>
        now is null || before is null ? now == before : now.State == before.State && now.Task.Id == before.Task.Id && now.IsSameAttempt(before);

    // The task of an accepted request; null for any other outcome.
    private async Task<VideoTask?> RecordOutcomeAsync(IVideoProvider provider, LedgerRecord intent, SubmitOutcome outcome, bool wasUnknown, LedgerClaims.Claim claim)
    {
        var record = outcome switch
        {
            SubmitOutcome.Accepted accepted => TaskLedger.Report(wasUnknown ? LedgerEvent.Settled : LedgerEvent.Accepted, intent.Key, provider.Spec, intent.Model, accepted.Report),
            SubmitOutcome.Rejected rejected => Failed(LedgerEvent.Rejected, intent.Key, rejected.Reason),
            SubmitOutcome.Unknown unknown => Failed(LedgerEvent.Unknown, intent.Key, unknown.Reason),
            _ => throw new InvalidOperationException("There is no other outcome."),
        };
        try
        {
            await ledger.AppendAsync(record);
        }
        catch (Exception failure) when (record.Id is not null)
        {
            claim.Retire();
            throw SubmissionErrors.Unrecorded(record.Id, intent.Key, provider.Spec, failure);
        }
        catch (Exception)
        {
            // What came of the request matters more than that it could not be noted: without a record the intent is read as unknown.
            claim.Retire();
        }
        if (record.Id is null)
            return null;
        OmniTrace.Verbose($"{provider.Spec.Name} accepted request key {intent.Key} as task {ProviderText.Clean(record.Id)}");
        return LedgerEntry.Fold([intent, record], settings.IsSandbox, ledger.IsAlive).Task;
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
