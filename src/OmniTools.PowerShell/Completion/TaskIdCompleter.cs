using System.Collections;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Completion;

/// <summary>Offers the ledger's tasks, newest first, with status and prompt beside them.</summary>
public sealed class TaskIdCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound)
    {
        var shared = OmniSession.Current.ShareClient();
        try
        {
            return shared.Client.EnumerateTasksAsync(new() { Provider = bound["Provider"] as string })
                .ToBlockingEnumerable().Take(500)
                .Select(task => (task.Reference, $"{task.Status.ToWireName()}: {task.Prompt ?? "(no prompt)"}"))
                .ToList();
        }
        finally
        {
            shared.Release();
        }
    }
}
