using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;

namespace OmniTools.Submitting;

/// <summary>Why a submission is not sent, or not sent again, in words for the person who wanted it.</summary>
internal static class SubmissionErrors
{
    /// <summary>The clock is so far behind the ledger that today's purchases cannot be counted.</summary>
    public static OmniException ClockBehind(LedgerDay day) =>
        new(OmniErrorKind.LedgerUnavailable,
        "The clock is behind the ledger's newest request, so today's spending cannot be counted", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "clock",
            Received = ToDisplayText(day.Clock),
            Allowed = $"after {ToDisplayText(day.Newest)}",
            NextStep =
                "Set the clock right; if it is right now and ran ahead once, use another ledger (OMNI_HOME or "
                + "OMNI_LEDGER)",
        });

    /// <summary>The provider has seen the key with other content, from another program or machine.</summary>
    public static OmniException KeyReused(string key, ProviderSpec provider, ApiResponse answer) =>
        new(OmniErrorKind.DuplicateRequest, $"{provider.Name} has seen this request key with other content", new()
        {
            Charged = Charged.No, // The provider refuses such a request before it looks at it.
            Field = "request_key",
            Received = key,
            Provider = provider.Id,
            RequestKey = key,
            WasSent = true,
            HttpStatus = answer.Status,
            RequestId = answer.RequestId,
            NextStep = "Use a new request key for a new clip",
        });

    public static OmniException OtherContent(string key, ProviderSpec provider) =>
        new(OmniErrorKind.DuplicateRequest, "This request key was used for a request with other content", new()
        {
            Charged = Charged.No, // Refused before the request is sent.
            Field = "request_key",
            Received = key,
            Provider = provider.Id,
            RequestKey = key,
            NextStep = "Use a new request key for a new clip, or repeat the earlier request unchanged",
        });

    public static OmniException UnsettledDuplicate(string key, ProviderSpec provider) =>
        new(OmniErrorKind.DuplicateRequest,
        "The same request was sent before and its outcome is not known: it may have been billed already", new()
        {
            Field = "request_key",
            Received = "the same content again",
            Provider = provider.Id,
            RequestKey = key,
            NextStep =
                $"{UnknownOutcome.NextStep(provider.Id, key)}. If a second clip is meant, submit it with a request key "
                + $"of its own (in PowerShell -Force does, too)",
        });

    public static OmniException TooLate(string key, ProviderSpec provider) =>
        new(OmniErrorKind.OutcomeUnknown,
            "The outcome of this request can no longer be settled by sending it again", new()
            {
                Provider = provider.Id,
                RequestKey = key,
                WasSent = true,
                Charged = Charged.Unknown,
                NextStep =
                $"Look for the clip in your account at {provider.Name}; if it is not there, submit with a new request "
                + $"key",
            });

    /// <summary>Bought, and the disk refuses to remember it: the caller has to.</summary>
    public static OmniException Unrecorded(string id, string key, ProviderSpec provider, Exception failure) =>
        new(OmniErrorKind.LedgerUnavailable,
        $"Task {ProviderText.Clean(id)} was accepted by {provider.Name}, but the ledger cannot be "
        + $"written: {(failure as OmniException)?.Summary ?? failure.Message}", new()
        {
            Provider = provider.Id,
            RequestKey = key,
            TaskId = id,
            WasSent = true,
            Charged = Charged.Yes,
            NextStep =
                $"Note the task id, mend the ledger's folder, then ask for the task by its id and provider "
                + $"'{provider.Id}'",
        }, failure);

    private static string ToDisplayText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
