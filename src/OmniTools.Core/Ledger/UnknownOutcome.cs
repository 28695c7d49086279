using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Ledger;

/// <summary>
/// The words for a submission with an unknown outcome: one next step per provider, which never buys a second clip.
/// </summary>
internal static class UnknownOutcome
{
    internal static VideoTaskError Describe(string provider, string key, VideoTaskError? reason = null) => new()
    {
        Kind = OmniErrorKind.OutcomeUnknown,
        Code = reason?.Code,
        Message =
            $"The request was sent and no answer was recorded: it may have been billed. {NextStep(provider, key)}."
            + (reason is null ? "" : $" Reason: \"{reason.Message.TrimEnd('.')}\""),
        Charged = Charged.Unknown,
    };

    /// <summary>
    /// The one next step. What the provider is documented to do is said to be that, and no more is promised.
    /// </summary>
    public static string NextStep(string provider, string key) =>
        ModelCatalog.Providers.FirstOrDefault(spec => spec.Id == provider) switch
        {
            { ReadsByRequestKey: true } =>
                $"Ask for the task by its request key '{key}': that settles it and buys nothing",
            var spec =>
                $"Repeat this exact request with the request key '{key}': by {spec?.Name ?? "the provider"}'s "
                + "documentation it returns the existing task. Asking for the task cannot settle it",
        };
}
