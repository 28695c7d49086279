using System.Management.Automation;
using System.Runtime.CompilerServices;
using OmniTools.Http;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Writes notices about outages. All cmdlets of a pipeline receive the same notice; the first one writes it.
/// </summary>
internal static class OutageNotices
{
    private static readonly ConditionalWeakTable<ProviderHealthNotice, object> Written = [];

    public static void Write(Cmdlet cmdlet, ProviderHealthNotice notice)
    {
        if (Written.TryAdd(notice, notice))
            cmdlet.WriteWarning(notice.ToString());
    }
}
