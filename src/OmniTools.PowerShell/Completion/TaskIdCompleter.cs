using System.Collections;
using OmniTools.PowerShell.Session;
using OmniTools.Tasks;

namespace OmniTools.PowerShell.Completion;

/// <summary>Offers the ledger's tasks, newest first, with status and prompt beside them.</summary>
public sealed class TaskIdCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(string parameter, IDictionary bound)
    {
        using var lease = OmniSession.Current.Lease();
        return lease.Client.List(new() { Provider = bound["Provider"] as string }).Take(500)
            .Select(task => (task.Handle, $"{task.Status.Word()}: {task.Prompt ?? "(no prompt)"}")).ToList();
    }
}
