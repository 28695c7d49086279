using System.Collections.Concurrent;

namespace OmniTools.Mcp.Session;

/// <summary>
/// What this process has learned of each provider: the last refusal that would hit the next clip too, and the last
/// balance.
/// </summary>
internal sealed class ProviderObservations
{
    private readonly ConcurrentDictionary<string, (OmniException Error, DateTimeOffset At, decimal? Balance)> refusals =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, decimal> balances = new(StringComparer.Ordinal);

    /// <summary>Keeps an error about key, permission or balance.</summary>
    public void RecordRefusal(OmniException error, DateTimeOffset now)
    {
        if (error is
            {
                Provider: { } provider,
                Kind: OmniErrorKind.InsufficientBalance or OmniErrorKind.Authentication or OmniErrorKind.Permission,
                WasSent: true
            })
            refusals[provider] = (error, now, FindBalance(provider));
    }

    /// <summary>Forgets the last refusal, because a clip was accepted since.</summary>
    public void RecordAccepted(string provider) => refusals.TryRemove(provider, out _);

    /// <summary>
    /// Keeps a balance in credits. If it has grown since a refusal for insufficient balance, the refusal is forgotten.
    /// </summary>
    public void RecordBalance(string provider, decimal credits)
    {
        balances[provider] = credits;
        if (!refusals.TryGetValue(provider, out var refusal) || refusal.Error.Kind != OmniErrorKind.InsufficientBalance)
            return;
        if (refusal.Balance is null)
            refusals[provider] = refusal with { Balance = credits };
        else if (credits > refusal.Balance)
            refusals.TryRemove(provider, out _);
    }

    /// <summary>The last balance in credits; null when none was read.</summary>
    public decimal? FindBalance(string provider) => balances.TryGetValue(provider, out var credits) ? credits : null;

    /// <summary>The refusal that still applies; null if there is none.</summary>
    public (OmniException Error, DateTimeOffset At)? FindRefusal(string provider) =>
        refusals.TryGetValue(provider, out var refusal) ? (refusal.Error, refusal.At) : null;
}
