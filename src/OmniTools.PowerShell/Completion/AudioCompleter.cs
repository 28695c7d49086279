using System.Collections;

namespace OmniTools.PowerShell.Completion;

/// <summary>Offers On and Off.</summary>
public sealed class AudioCompleter : OmniCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound) => [("On", "The clip has sound"), ("Off", "The clip is silent")];
}
