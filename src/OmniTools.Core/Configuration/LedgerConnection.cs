using System.Diagnostics;

namespace OmniTools.Configuration;

/// <summary>Where a shared ledger is. It may hold a password, so text, debugger and serializers see a mask.</summary>
[DebuggerDisplay("***")]
public sealed class LedgerConnection(string value)
{
    /// <summary>The value as configured.</summary>
    internal string Value => value;

    /// <summary>Always a mask.</summary>
    public override string ToString() => "***";
}
