using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;

namespace OmniTools.Tracking;

/// <summary>
/// The base address of an API and the account there that a request was sent to. Only the same one can say that it never
/// accepted a request key, or replay the request: another has never heard of the key and would sell a second clip.
/// </summary>
internal static class AccountIdentity
{
    /// <summary>Records which account a request goes to.</summary>
    public static SentRequest WithAccount(this SentRequest sent, IVideoProvider provider) =>
        sent with
        {
            BaseAddress = GetBaseAddress(provider),
            Account =
        provider.Transport.GetAccountFingerprint(provider.Spec.Id)
        };

    /// <summary>
    /// The error when a request was sent to another account than the provider's settings name; null when it is the
    /// same.
    /// </summary>
    public static OmniException? FindDifference(RequestRecord request, IVideoProvider provider)
    {
        var spec = provider.Spec;
        var isElsewhere = request.Sent?.BaseAddress is { } address && address != GetBaseAddress(provider);
        var isAnother =
            request.Sent?.Account is { } account && account != provider.Transport.GetAccountFingerprint(spec.Id);
        if (!isElsewhere && !isAnother)
            return null;
        var (what, settings) = (isElsewhere, isAnother) switch
        {
            (true, true) =>
                ("to another base address and with another API key", $"{spec.BaseVariable} and {spec.KeyVariable}"),
            (true, _) => ("to another base address", spec.BaseVariable),
            _ => ("with another API key", spec.KeyVariable),
        };
        return new(OmniErrorKind.OutcomeUnknown,
            $"This request was sent {what} than set now, and only there can its outcome be settled", new()
            {
                Field = settings,
                Received = isElsewhere ? ProviderText.Clean(GetBaseAddress(provider)) : "another key",
                Allowed = isElsewhere ? ProviderText.Clean(request.Sent?.BaseAddress) : "the key it was sent with",
                Provider = spec.Id,
                RequestKey = request.Task.RequestKey,
                WasSent = true,
                Charged = Charged.Unknown,
                NextStep = $"Set {settings} back to what the request was sent with and give its request key " +
                $"'{request.Task.RequestKey}' again. Where that cannot be, look for the clip in that account "
                + $"at {spec.Name}; " +
                "if it is not there, submit with a new request key",
            });
    }

    private static string GetBaseAddress(IVideoProvider provider) =>
        provider.Transport.BaseAddress.AbsoluteUri.TrimEnd('/');
}
