using System.Collections.Concurrent;
using OmniTools.Catalog;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Tracking;
using OmniTools.VideoTasks;

namespace OmniTools.Submitting;

/// <summary>
/// Makes an accepted task of a request: checked, within the limits, recorded before it is sent, bought at most once.
/// </summary>
internal sealed class Submitter(
    ILedgerStore ledger, SubmissionPlanner planner, Func<ProviderSpec, RetryPolicy, IVideoProvider> providers,
    TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, (string Content, Lazy<Task<VideoTask>> Work)> running = new();

    /// <summary>Submits; the same key at the same time in this process is one submission.</summary>
    public async Task<VideoTask> SubmitAsync(VideoRequest request, SubmitOptions options,
        CancellationToken cancellationToken)
    {
        var check = planner.Check(request, await planner.FindKnownAsync(request, cancellationToken));
        providers(check.Provider, RetryPolicy.Interactive).Transport.RequireKey();
        var wanted = new PreparedSubmission(check, request.RequestKey ?? RequestKey.Create(timeProvider),
            request.RequestKey is not null,
            options.AllowDuplicate, (await planner.EstimateAsync(check, cancellationToken)).Credits);
        var mine = new Lazy<Task<VideoTask>>(() => RunAsync(wanted, options, cancellationToken));
        var (content, work) = running.GetOrAdd(wanted.Key, (wanted.Content, mine));
        if (content != wanted.Content)
            throw SubmissionErrors.OtherContent(wanted.Key, check.Provider);
        // Callers that join a running submission can stop waiting; the first waits until the outcome is recorded.
        return await (work == mine ? work.Value : work.Value.WaitAsync(cancellationToken));
    }

    private async Task<VideoTask> RunAsync(PreparedSubmission wanted, SubmitOptions options,
        CancellationToken cancellationToken)
    {
        try
        {
            foreach (var warning in wanted.Check.Warnings)
                OmniTrace.Verbose(warning);
            for (var isNew = !wanted.IsOwnKey; ; isNew = false)
            {
                var known = isNew ? null : await ledger.FindAsync(wanted.Key, null, cancellationToken);
                if (SubmissionPlanner.IsOtherContent(known, wanted))
                    throw SubmissionErrors.OtherContent(wanted.Key, wanted.Check.Provider);
                if (known is { State: LedgerState.Accepted or LedgerState.Intended })
                    return known.Task;
                try
                {
                    if (known is { State: LedgerState.Unknown } && wanted.Check.Provider.ReadsByRequestKey
                        && await TrySettleAsync(known, wanted.Check.Provider,
                        RetryPolicy.Hold(options.HoldFor, options.EndHold), cancellationToken))
                        continue;
                    if (await BeginAsync(wanted, options, known, cancellationToken) is { } task)
                        return task;
                }
                catch (OmniException refused)
                    when (known is { State: LedgerState.Unknown } && refused.Charged == Charged.No)
                {
                    // It is not sent again now; the earlier request may be paid for.
                    throw refused.ForTask(known.Task);
                }
            }
        }
        finally
        {
            running.TryRemove(wanted.Key, out _);
        }
    }

    // Whether it is settled; false: the provider has no task for the key, so the same request may be sent again.
    private async Task<bool> TrySettleAsync(RequestRecord known, ProviderSpec spec, RetryPolicy policy,
        CancellationToken cancellationToken)
    {
        OmniTrace.Verbose($"Settling request key {known.Task.RequestKey} at {spec.Id}");
        try
        {
            var refresher = new VideoTaskRefresher(ledger, each => providers(each, policy));
            return (await refresher.SettleAsync(known, cancellationToken)).Status != VideoTaskStatus.Unknown;
        }
        catch (OmniException failure) when (failure.Kind != OmniErrorKind.OutcomeUnknown)
        {
            throw PaidPost.OutcomeUnknown(spec, known.Task.RequestKey, failure);
        }
    }

    // Null: another process was faster with this key, and its request has to be read first.
    private async Task<VideoTask?> BeginAsync(PreparedSubmission wanted, SubmitOptions options, RequestRecord? known,
        CancellationToken cancellationToken)
    {
        var (check, key, spec) = (wanted.Check, wanted.Key, wanted.Check.Provider);
        var provider = providers(spec, RetryPolicy.Interactive);
        var isUnknown = known is { State: LedgerState.Unknown };
        if (isUnknown && AccountIdentity.FindDifference(known!, provider) is { } elsewhere)
            throw elsewhere;
        // The transaction checks again. This check comes before files are uploaded for nothing.
        if (ReferenceUploader.NeedsUpload(check.Request))
            planner.CheckBeforeSending(await ledger.GetDayAsync(wanted.Content, cancellationToken), wanted);
        var uploader = providers(spec, RetryPolicy.Hold(options.HoldFor, options.EndHold));
        var request = await ReferenceUploader.ResolveAsync(uploader, check.Request,
            isUnknown ? known!.Sent?.Request : null, cancellationToken);
        var post = provider.WriteSubmit(check with { Request = request }, key);
        var intent = Intend(wanted, options, request, ContentHash.Compute(post.Body!.Value), provider);
        // It is sent again only with the same bytes, and only while the provider can be expected to know the key.
        if (isUnknown && (intent.Sent!.BodyHash != known!.Sent?.BodyHash || known.IsTooOldToSettle))
            throw SubmissionErrors.TooLate(key, spec);
        var attempts = uploader.Transport.Begin(CallKind.Submit);
        OmniException? lastError = null;
        while (true)
        {
            // Held before the intent is recorded: nothing is open in the ledger meanwhile, and the limits are checked
            // afterwards.
            using var permit = isUnknown ? attempts.Bypass()
                : await attempts.EnterAsync(cancellationToken) ?? throw lastError
                    ?? uploader.Transport.Unavailable(attempts.Outage, null, key);
            OmniTrace.Debug($"ledger: writing intent of {key}");
            await using var lease = await ledger.TryBeginAsync(intent, known,
                day => planner.CheckBeforeSending(day, wanted), cancellationToken);
            if (lease is null)
                return null;
            OmniTrace.Debug($"ledger: intent of {key} is on disk");
            options.OnRecorded?.Invoke(key);
            OmniTrace.Verbose($"Submitting to {spec.Id}, model {request.Model}, request key {key}");
            var sentBefore = isUnknown ? provider.GetUtcNow() - known!.SentAgo : (DateTimeOffset?)null;
            var outcome =
                await new PaidPost(provider, post, lease, attempts).SendAsync(permit, sentBefore, cancellationToken);
            if (await RecordOutcomeAsync(provider.Spec, lease.Request, outcome) is { } task)
                return task;
            // Also if it could not be recorded, so that other processes see that it is over.
            await lease.DisposeAsync();
            var error = outcome switch
            {
                SubmitOutcome.Rejected rejected => rejected.Reason,
                SubmitOutcome.Unknown unknown => unknown.Reason,
                _ => throw new InvalidOperationException("An accepted request has a task."),
            };
            if (outcome is not SubmitOutcome.Rejected { IsTemporary: true } refused
                || !await attempts.WaitAsync(refused.RetryAfter, $"{error.Summary} for request key {key}",
                cancellationToken))
                throw error;
            (known, isUnknown, lastError) = (await ledger.FindAsync(key, null, cancellationToken), false, error);
            if (known is not { State: LedgerState.Rejected })
                return null;
        }
    }

    private static RequestRecord Intend(PreparedSubmission wanted, SubmitOptions options, VideoRequest request,
        string bodyHash,
        IVideoProvider provider)
    {
        var check = wanted.Check;
        var task = new VideoTask
        {
            RequestKey = wanted.Key,
            Provider = check.Provider.Id,
            Model = request.Model,
            Prompt = request.Prompt,
            AspectRatio = check.AspectRatio,
            Duration = check.Duration,
            Resolution = check.Resolution,
            Batch = options.Batch,
            Status = VideoTaskStatus.Submitting,
            CreatedAt = provider.GetUtcNow(),
        };
        // A video inside the request is recorded by its head.
        var videos = request.Videos.Select(video =>
            Reference.GetForm(video) == ReferenceForm.Data ? Reference.ToDisplayText(video) : video);
        return RequestRecord.Intend(task, new SentRequest
        {
            Request = request with { Videos = [.. videos] },
            ContentHash = wanted.Content,
            BodyHash = bodyHash,
            Estimate = wanted.Estimate,
            RowHash = options.RowHash,
        }.WithAccount(provider));
    }

    // The task of an accepted request; null for any other outcome.
    private async Task<VideoTask?> RecordOutcomeAsync(ProviderSpec spec, RequestRecord request, SubmitOutcome outcome)
    {
        var key = request.Task.RequestKey;
        Func<RequestRecord, RequestRecord?> change = outcome switch
        {
            SubmitOutcome.Accepted accepted => known => known.Apply(accepted.Report),
            SubmitOutcome.Rejected rejected => known => known.Reject(request.Attempt, ToTaskError(rejected.Reason)),
            SubmitOutcome.Unknown unknown => known => known.LoseOutcome(request.Attempt, ToTaskError(unknown.Reason)),
            _ => throw new InvalidOperationException("There is no other outcome."),
        };
        var id = (outcome as SubmitOutcome.Accepted)?.Report.Id;
        RequestRecord? recorded = null;
        try
        {
            OmniTrace.Debug($"ledger: writing outcome of {key}");
            recorded = await ledger.UpdateAsync(key, spec.Id, change, CancellationToken.None);
            OmniTrace.Debug($"ledger: outcome of {key} is on disk");
        }
        catch (Exception failure) when (id is not null)
        {
            throw SubmissionErrors.Unrecorded(id, key, spec, failure);
        }
        catch (OmniException failure)
        {
            // The outcome matters more than that it could not be recorded: without a record the intent is read as
            // unknown.
            OmniTrace.Verbose(failure.Message);
        }
        if (id is null)
            return null;
        OmniTrace.Verbose($"{spec.Name} accepted request key {key} as task {ProviderText.Clean(id)}");
        return (recorded ?? change(request)!).Task;
    }

    private static VideoTaskError ToTaskError(OmniException reason) =>
        new()
        {
            Kind = reason.Kind,
            Code = reason.ProviderCode,
            Message = reason.ProviderMessage ?? reason.Summary,
            Charged = reason.Charged
        };
}
