using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;

namespace OmniTools.Submitting;

/// <summary>
/// Sends the one request that costs money, until its outcome is known. A request that was certainly not accepted is
/// left to the caller, who may send it again. One that may have been accepted is settled here: by reading the task by
/// its key, or, at a provider that replays, by the same key and the same bytes.
/// </summary>
internal sealed class PaidPost(IVideoProvider provider, ApiRequest post, SubmissionLease lease, CallAttempts attempts)
{
    private readonly string requestKey = lease.Request.Task.RequestKey;
    private readonly DateTimeOffset keyKnownUntil =
        provider.GetUtcNow() + LedgerConstants.SettlementWindow - (lease.Request.ReadAt - lease.Request.FirstSentAt);
    private Exception? unknown;
    private DateTimeOffset lastSent;

    // The provider may have forgotten the key: "no task" proves nothing, and the same request could be a second clip.
    private bool IsTooLate => unknown is not null && provider.GetUtcNow() > keyKnownUntil;

    /// <summary>
    /// Sends. <paramref name="permit"/> lets the first request pass; <paramref name="sentBefore"/>: when an earlier
    /// process sent it, whose outcome is not known.
    /// </summary>
    public async Task<SubmitOutcome> SendAsync(CircuitPermit permit, DateTimeOffset? sentBefore,
        CancellationToken cancellationToken)
    {
        if (sentBefore is { } at)
            (unknown, lastSent) = (new IOException("an earlier attempt had no recorded answer"), at);
        try
        {
            return await TryAsync(permit, cancellationToken);
        }
        catch (OperationCanceledException cancelled)
        {
            return unknown is null ? new SubmitOutcome.Rejected(
                NotAccepted("The submission was cancelled before it was sent", cancelled)) : ToUnknown(unknown);
        }
        catch (Exception unexpected)
        {
            // Whatever went wrong with the response: the request was sent, and has to be recorded as such.
            return ToUnknown(unexpected);
        }
    }

    private async Task<SubmitOutcome> TryAsync(CircuitPermit permit, CancellationToken cancellationToken)
    {
        var canAsk = provider.Spec.ReadsByRequestKey;
        Task<bool> WaitAsync(TimeSpan? retryAfter) =>
            attempts.WaitAsync(retryAfter, $"{Describe(unknown!)} for request key {requestKey}", cancellationToken,
            isHeldAtBreaker: false);
        while (true)
        {
            if (unknown is not null && canAsk && await AskProviderAsync(cancellationToken) is { } settled)
            {
                if (!settled.CanAskAgain || !attempts.CanBeHeld || !await WaitAsync(null))
                    return settled.Outcome;
                continue;
            }
            if (IsTooLate)
                return new SubmitOutcome.Unknown(SubmissionErrors.TooLate(requestKey, provider.Spec));
            var (outcome, retryAfter) = await PostAsync(permit, cancellationToken);
            if (outcome is not null)
                return outcome;
            if (!await WaitAsync(retryAfter))
                return (canAsk ? (await AskProviderAsync(cancellationToken))?.Outcome : null) ?? ToUnknown(unknown!);
            permit = attempts.Bypass();
        }
    }

    // One exchange: what it settles; null where the outcome is unknown and can still be settled.
    private async Task<(SubmitOutcome? Outcome, TimeSpan? RetryAfter)> PostAsync(CircuitPermit permit,
        CancellationToken cancellationToken)
    {
        ApiResponse answer;
        try
        {
            await lease.RenewAsync(cancellationToken);
        }
        catch (OmniException lost)
        {
            return (unknown is null ? new SubmitOutcome.Rejected(lost) : ToUnknown(lost), null);
        }
        try
        {
            lastSent = provider.GetUtcNow();
            answer = await provider.Transport.SendAsync(post, cancellationToken);
        }
        catch (TransportException failure)
        {
            if (!cancellationToken.IsCancellationRequested)
                permit.RecordFailure(failure.CertainlyNotSent, null, failure.Message);
            if (failure.CertainlyNotSent && unknown is null)
            {
                var error = NotAccepted($"{provider.Spec.Name} could not be reached: {failure.Message}", failure);
                return (new SubmitOutcome.Rejected(error) { IsTemporary = !cancellationToken.IsCancellationRequested },
                    null);
            }
            unknown = failure.CertainlyNotSent ? unknown : failure;
            return (null, null);
        }
        var reply = SubmitResponse.Read(provider, answer, requestKey, lease.Request.Task.Model);
        if (reply.Verdict is SubmitVerdict.TryLater or SubmitVerdict.Unclear)
            permit.RecordFailure(reply.Verdict == SubmitVerdict.TryLater, answer.RetryAfter, reply.Reason!.Summary);
        else
            permit.RecordSuccess();
        switch (reply.Verdict)
        {
            case SubmitVerdict.Accepted:
                return (new SubmitOutcome.Accepted(reply.Report!), null);
            // A refusal says nothing about an earlier attempt that may have been accepted.
            case SubmitVerdict.Refused or SubmitVerdict.TryLater when unknown is null:
                return (new SubmitOutcome.Rejected(reply.Reason!)
                {
                    IsTemporary = reply.Verdict == SubmitVerdict.TryLater,
                    RetryAfter = answer.RetryAfter,
                }, null);
            case SubmitVerdict.Refused or SubmitVerdict.NeverClear:
                return (ToUnknown(reply.Reason!), null);
            default:
                unknown = reply.Verdict == SubmitVerdict.TryLater ? unknown : reply.Reason;
                return (null, answer.RetryAfter);
        }
    }

    private sealed record Settlement(SubmitOutcome Outcome, bool CanAskAgain = false);

    // Asks for the task by its key: accepted, or unknown when it cannot be asked. Null: the provider has no task for
    // the key, so the same request may be sent again; soon after it was sent, and late, that does not prove that it was
    // never accepted.
    private async Task<Settlement?> AskProviderAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await provider.FindTaskByKeyAsync(requestKey, cancellationToken) is { } report)
                return new(new SubmitOutcome.Accepted(report));
        }
        catch (OmniException failure)
        {
            return new(ToUnknown(failure),
                failure.Kind is OmniErrorKind.ProviderUnavailable or OmniErrorKind.RateLimited);
        }
        if (provider.GetUtcNow() - lastSent < LedgerConstants.ReadDelay || IsTooLate)
            return null;
        var error = NotAccepted($"{provider.Spec.Name} did not accept the request, and has no task for its key", null);
        return new(new SubmitOutcome.Rejected(error) { IsTemporary = true });
    }

    private OmniException NotAccepted(string what, Exception? inner) =>
        new(OmniErrorKind.ProviderUnavailable, what, new()
        {
            Charged = Charged.No, // Not sent, or the provider has no task for the key long after it was sent.
            Provider = provider.Spec.Id,
            RequestKey = requestKey,
            WasSent = true,
            NextStep = $"Submit again, with the request key '{requestKey}' to keep it the same request",
        }, inner);

    private SubmitOutcome.Unknown ToUnknown(Exception reason) => new(OutcomeUnknown(provider.Spec, requestKey, reason));

    /// <summary>The error of a request whose outcome nothing could settle.</summary>
    public static OmniException OutcomeUnknown(ProviderSpec spec, string requestKey, Exception reason)
    {
        var cause = (reason as OmniException)?.Details;
        return new(OmniErrorKind.OutcomeUnknown,
            $"The request was sent to {spec.Name} and its outcome is not known ({Describe(reason)})", new()
            {
                Provider = spec.Id,
                RequestKey = requestKey,
                WasSent = true,
                HttpStatus = cause?.HttpStatus,
                RequestId = cause?.RequestId,
                ProviderCode = cause?.ProviderCode,
                ProviderMessage = cause?.ProviderMessage,
                NextStep = UnknownOutcome.NextStep(spec.Id, requestKey),
            }, reason);
    }

    private static string Describe(Exception reason) => reason is OmniException error ? error.Summary : reason.Message;
}
