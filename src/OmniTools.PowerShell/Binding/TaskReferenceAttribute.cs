namespace OmniTools.PowerShell.Binding;

/// <summary>
/// Makes references of ids and tasks; an empty cell of a CSV file is none. The binder tries values that need no
/// conversion first, and this counts as none: a piped task binds here before it could become a row.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TaskReferenceAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            VideoTask task => new TaskReference(task.Reference, IsTask: true),
            string text => string.IsNullOrWhiteSpace(text) ? null : new TaskReference(text.Trim()),
            _ => inputData,
        };
}
