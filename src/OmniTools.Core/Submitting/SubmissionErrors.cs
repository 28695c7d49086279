using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;

namespace OmniTools.Submitting;

/// <summary>The errors of a submission that is not sent, or not sent again.</summary>
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
        Create(OmniErrorKind.DuplicateRequest, $"{provider.Name} has seen this request key with other content",
            key, provider, new()
            {
                Charged = Charged.No, // The provider refuses such a request before it looks at it.
                Field = "request_key",
                Received = key,
                WasSent = true,
                HttpStatus = answer.Status,
                RequestId = answer.RequestId,
                NextStep = "Use a new request key for a new clip",
            });

    public static OmniException OtherContent(string key, ProviderSpec provider) =>
        Create(OmniErrorKind.DuplicateRequest, "This request key was used for a request with other content",
            key, provider, new()
            {
                Charged = Charged.No, // Refused before the request is sent.
                Field = "request_key",
                Received = key,
                NextStep = "Use a new request key for a new clip, or repeat the earlier request unchanged",
            });

    public static OmniException UnsettledDuplicate(string key, ProviderSpec provider) =>
        Create(OmniErrorKind.DuplicateRequest,
            "The same request was sent before and its outcome is not known: it may have been billed already",
            key, provider, new()
            {
                Field = "request_key",
                Received = "the same content again",
                NextStep = $"{UnknownOutcome.NextStep(provider.Id, key)}. If a second clip is meant, submit it with a "
                    + "request key of its own (in PowerShell -Force does, too)",
            });

    public static OmniException TooLate(string key, ProviderSpec provider) =>
        Create(OmniErrorKind.OutcomeUnknown,
            "The outcome of this request can no longer be settled by sending it again", key, provider, new()
            {
                WasSent = true,
                NextStep = $"Look for the clip in your account at {provider.Name}; if it is not there, submit with a "
                    + "new request key",
            });

    /// <summary>The clip was bought, and its task id cannot be recorded: the caller has to note it.</summary>
    public static OmniException Unrecorded(string id, string key, ProviderSpec provider, Exception failure) =>
        Create(OmniErrorKind.LedgerUnavailable,
            $"Task {ProviderText.Clean(id)} was accepted by {provider.Name}, but the ledger cannot be "
            + $"written: {(failure as OmniException)?.Summary ?? failure.Message}", key, provider, new()
            {
                TaskId = id,
                WasSent = true,
                Charged = Charged.Yes,
                NextStep = "Note the task id, mend the ledger's folder, then ask for the task by its id and provider "
                    + $"'{provider.Id}'",
            }, failure);

    private static OmniException Create(OmniErrorKind kind, string summary, string key, ProviderSpec provider,
        ErrorDetails details, Exception? inner = null) =>
        new(kind, summary, details with { Provider = provider.Id, RequestKey = key }, inner);

    private static string ToDisplayText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
