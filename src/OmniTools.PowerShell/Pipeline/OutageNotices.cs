using System.Runtime.CompilerServices;
using OmniTools.Http;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Which notices about an outage were written. All cmdlets of a pipeline receive the same notice; the first whose turn it is writes it.
/// </summary>
internal static class OutageNotices
{
    private static readonly ConditionalWeakTable<ProviderHealthNotice, object> Written = [];

    /// <summary>Whether the caller is the first to ask.</summary>
    public static bool TryClaim(ProviderHealthNotice notice) => Written.TryAdd(notice, notice);
}
