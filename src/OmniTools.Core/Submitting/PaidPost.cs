using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;

namespace OmniTools.Submitting;

/// <summary>
/// Sends the one request that costs money, until it is known what came of it. It is sent again only when it was certainly not
/// accepted, or, at a provider that replays, with the same key and the same bytes.
/// </summary>
internal sealed class PaidPost(IVideoProvider provider, WireRequest post, string requestKey)
{
    private Exception? doubt;

    /// <summary>Sends. <paramref name="isUnknown"/>: an earlier process sent it already and its outcome is not known.</summary>
    public async Task<SubmitOutcome> SendAsync(bool isUnknown, CancellationToken stop)
    {
        doubt = isUnknown ? new IOException("an earlier attempt had no recorded answer") : null;
        try
        {
            return await TryAsync(stop);
        }
        catch (OperationCanceledException cancelled)
        {
            return doubt is null ? new SubmitOutcome.Rejected(NotSent("The submission was cancelled before it was sent", cancelled)) : Unknown(doubt);
        }
        catch (Exception unexpected)
        {
            // Whatever an answer did to its reader: it was sent, and has to be recorded as such.
            return Unknown(unexpected);
        }
    }

    private async Task<SubmitOutcome> TryAsync(CancellationToken stop)
    {
        var retry = provider.Transport.Retry;
        for (var attempt = 1; ; attempt++)
        {
            if (doubt is not null && provider.Spec.ReadsByRequestKey)
            {
                if (await AskAsync(stop) is { } settled)
                    return settled;
            }
            SubmitOutcome outcome;
            var (throttled, retryAfter) = (false, (TimeSpan?)null);
            try
            {
                var answer = await provider.Transport.SendAsync(post, stop);
                if (Read(answer) is { } final)
                    return final;
                throttled = Retry.IsThrottled(answer.Status);
                retryAfter = answer.RetryAfter;
                var error = answer.IsSuccess && ProviderErrors.Read(answer.Body) is null
                    ? ProviderErrors.Malformed(provider.Spec, answer, Charged.Unknown)
                    : ProviderErrors.Of(answer, provider.Spec, provider.Now(), throttled ? Charged.No : Charged.Unknown, requestKey: requestKey);
                if (!throttled)
                    doubt = error;
                outcome = doubt is null ? new SubmitOutcome.Rejected(error) : Unknown(doubt);
            }
            catch (TransportException failure)
            {
                if (!failure.CertainlyNotSent)
                    doubt = failure;
                outcome = doubt is null ? new SubmitOutcome.Rejected(NotSent($"{provider.Spec.Name} could not be reached: {failure.Message}", failure)) : Unknown(doubt);
                if (stop.IsCancellationRequested)
                    return outcome;
            }
            if (!await retry.WaitAsync(attempt, throttled, retryAfter, $"{Why(outcome)} for request key {requestKey}", stop))
                return doubt is not null && provider.Spec.ReadsByRequestKey ? await AskAsync(stop) ?? NeverAccepted() : outcome;
        }
    }

    // What an answer settles; null where it leaves the matter open or asks to come again.
    private SubmitOutcome? Read(WireAnswer answer)
    {
        var status = answer.Status;
        if (answer.IsSuccess)
        {
            if (provider.ReadSubmit(answer) is { } report)
            {
                provider.Transport.Retry.Succeeded();
                return new SubmitOutcome.Accepted(report);
            }
            // Only words that say no are a refusal; an answer that is merely not understood may well have been a yes.
            var envelope = ProviderErrors.Read(answer.Body);
            status = envelope?.Status ?? (envelope is { IsExplicit: true } ? 400 : status);
        }
        if (status is not (400 or 401 or 402 or 403 or 404 or 405 or 413 or 414 or 415 or 422 or 431))
            return null;
        // A refusal says nothing about an earlier attempt that may have been accepted.
        var error = ProviderErrors.Of(answer, provider.Spec, provider.Now(), Charged.No, requestKey: requestKey);
        return doubt is null ? new SubmitOutcome.Rejected(error) : Unknown(error);
    }

    // Asks for the task by its key: accepted, or null when the provider certainly has none, or unknown when it cannot be asked.
    private async Task<SubmitOutcome?> AskAsync(CancellationToken stop)
    {
        try
        {
            var report = await provider.FindByKeyAsync(requestKey, stop);
            if (report is not null)
                return new SubmitOutcome.Accepted(report);
            doubt = null;
            return null;
        }
        catch (OmniException failure)
        {
            return Unknown(failure);
        }
    }

    private SubmitOutcome.Rejected NeverAccepted() =>
        new(NotSent($"{provider.Spec.Name} did not accept the request, and has no task for its key", null));

    private OmniException NotSent(string what, Exception? inner) => new(OmniErrorKind.ProviderUnavailable, what, inner)
    {
        Charged = Charged.No, // Not sent, or the provider has no task for the key.
        Provider = provider.Spec.Id,
        RequestKey = requestKey,
        WasSent = true,
        NextStep = $"Submit again, with the request key '{requestKey}' if it shall stay the same request",
    };

    private SubmitOutcome.Unknown Unknown(Exception reason) => new(OutcomeUnknown(provider.Spec, requestKey, reason));

    /// <summary>The error of a request whose outcome nothing could settle.</summary>
    public static OmniException OutcomeUnknown(ProviderSpec spec, string requestKey, Exception reason) => new(OmniErrorKind.OutcomeUnknown,
        $"The request was sent to {spec.Name} and its outcome is not known ({Words(reason)})", reason)
    {
        Provider = spec.Id,
        RequestKey = requestKey,
        WasSent = true,
        Charged = Charged.Unknown,
        HttpStatus = (reason as OmniException)?.HttpStatus,
        RequestId = (reason as OmniException)?.RequestId,
        ProviderCode = (reason as OmniException)?.ProviderCode,
        ProviderMessage = (reason as OmniException)?.ProviderMessage,
        NextStep = Ledger.UnknownOutcome.NextStep(spec.Id, requestKey),
    };

    private static string Words(Exception reason) => reason is OmniException error ? error.What : reason.Message;

    private static string Why(SubmitOutcome outcome) => outcome switch
    {
        SubmitOutcome.Rejected rejected => rejected.Reason.What,
        SubmitOutcome.Unknown unknown => unknown.Reason.What,
        _ => "Accepted",
    };
}
