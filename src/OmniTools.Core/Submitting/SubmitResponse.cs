using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;

namespace OmniTools.Submitting;

/// <summary>What an answer to the paid request says about it.</summary>
internal enum SubmitVerdict
{
    /// <summary>It may have been accepted; the same request or a read can settle it.</summary>
    Unclear,
    /// <summary>It may have been accepted, and the provider says that it cannot find out.</summary>
    NeverClear,
    /// <summary>It was accepted.</summary>
    Accepted,
    /// <summary>It was finally refused, before any work.</summary>
    Refused,
    /// <summary>It was refused before any work because the provider takes no requests now.</summary>
    TryLater,
}

/// <summary>
/// Reads a response to the paid request. Only an explicit refusal is one; anything else may be an acceptance.
/// </summary>
internal sealed record SubmitResponse(SubmitVerdict Verdict, VideoTaskReport? Report, OmniException? Reason)
{
    public static SubmitResponse Read(IVideoProvider provider, ApiResponse answer, string requestKey, string? model)
    {
        if (answer.IsSuccess && provider.ReadSubmit(answer) is { } report)
            return new(SubmitVerdict.Accepted, report, null);
        var envelope = ProviderErrors.Read(answer.Body);
        var verdict = Judge(answer, envelope);
        var isBilled = verdict is SubmitVerdict.Refused or SubmitVerdict.TryLater ? Charged.No : Charged.Unknown;
        if (answer.IsSuccess && envelope is null)
            return new(verdict, null, ProviderErrors.Malformed(provider.Spec, answer, isBilled));
        return envelope?.HasCode("idempotency_key_reused") == true
            ? new(verdict, null, SubmissionErrors.KeyReused(requestKey, provider.Spec, answer))
            : new(verdict, null, ProviderErrors.FromResponse(answer, provider.Spec, provider.GetUtcNow(), isBilled,
            requestKey: requestKey, model: model));
    }

    private static SubmitVerdict Judge(ApiResponse answer, ProviderErrors.Envelope? envelope)
    {
        var status = answer.Status;
        if (answer.IsSuccess)
            status = envelope?.Status ?? (envelope is { IsExplicit: true } ? 400 : status);
        return status switch
        {
            400 or 401 or 402 or 403 or 404 or 405 or 413 or 414 or 415 or 422 or 431 => SubmitVerdict.Refused,
            // By APIMart's documentation: other content was sent under this key before, so this request is not looked
            // at.
            409 when envelope?.HasCode("idempotency_key_reused") == true => SubmitVerdict.Refused,
            409 when envelope?.HasCode("idempotency_result_indeterminate") == true => SubmitVerdict.NeverClear,
            429 when !answer.IsSuccess => SubmitVerdict.TryLater,
            // A bare 503 may come from a proxy, after the work has begun.
            503 when envelope?.HasCode("idempotency_unavailable") == true => SubmitVerdict.TryLater,
            _ => SubmitVerdict.Unclear,
        };
    }
}
