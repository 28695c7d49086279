using System.Management.Automation;
using OmniTools.Tasks;

namespace OmniTools.PowerShell.Binding;

/// <summary>
/// Takes a task where a task id is asked for. The binder tries values that need no conversion first, and this counts as none:
/// a piped task binds here before any of its properties binds elsewhere.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TaskHandleAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is VideoTask task ? task.Handle : inputData;
}
