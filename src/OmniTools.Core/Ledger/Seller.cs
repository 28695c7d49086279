using OmniTools.Errors;
using OmniTools.Providers;

namespace OmniTools.Ledger;

/// <summary>
/// Whom a request was sent to: the base address of an API and the account there. Only the same one can say that it never accepted
/// a request key, or replay what it sold under it: another has never heard of the key, and would sell a second clip.
/// </summary>
internal static class Seller
{
    /// <summary>An intent's record, with the seller it goes to.</summary>
    public static LedgerRecord SentTo(this LedgerRecord intent, IVideoProvider provider) =>
        intent with { Base = BaseOf(provider), Account = provider.Transport.Account(provider.Spec.Id) };

    /// <summary>Why a seller cannot be believed about an intent: it is another one. Null when it is the same, or when an earlier version has not recorded it.</summary>
    public static OmniException? Differs(LedgerRecord intent, IVideoProvider provider)
    {
        var spec = provider.Spec;
        var isElsewhere = intent.Base is { } address && address != BaseOf(provider);
        var isAnother = intent.Account is { } account && account != provider.Transport.Account(spec.Id);
        if (!isElsewhere && !isAnother)
            return null;
        var (what, settings) = (isElsewhere, isAnother) switch
        {
            (true, true) => ("to another base address and with another API key", $"{spec.BaseVariable} and {spec.KeyVariable}"),
            (true, _) => ("to another base address", spec.BaseVariable),
            _ => ("with another API key", spec.KeyVariable),
        };
        return new(OmniErrorKind.OutcomeUnknown, $"This request was sent {what} than set now, and only there can its outcome be settled")
        {
            Field = settings,
            Received = isElsewhere ? ProviderText.Clean(BaseOf(provider)) : "another key",
            Allowed = isElsewhere ? ProviderText.Clean(intent.Base) : "the key it was sent with",
            Provider = spec.Id,
            RequestKey = intent.Key,
            WasSent = true,
            Charged = Charged.Unknown,
            NextStep = $"Set {settings} back to what the request was sent with and give its request key '{intent.Key}' again. Where that cannot be, look for the clip in that account at {spec.Name}; if it is not there, submit with a new request key",
        };
    }

    private static string BaseOf(IVideoProvider provider) => provider.Transport.BaseAddress.AbsoluteUri.TrimEnd('/');
}
