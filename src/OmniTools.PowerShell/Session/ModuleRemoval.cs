using System.ComponentModel;

namespace OmniTools.PowerShell.Session;

/// <summary>Forgets keys and lets the client go when the module is removed.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleRemoval : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => OmniSession.Current.Disconnect(null);
}
