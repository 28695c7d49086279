using System.Management.Automation;
using OmniTools.Tasks;

namespace OmniTools.PowerShell.Binding;

/// <summary>Takes a task where a task id is asked for: its id, or its request key while there is none.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TaskHandleAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is VideoTask task ? task.Handle : inputData;
}
