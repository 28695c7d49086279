namespace OmniTools.PowerShell.Binding;

/// <summary>Leaves piped tasks to another parameter: after a failed conversion the binder tries the next one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExcludeTaskAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not VideoTask
            ? inputData
            : throw new ArgumentTransformationMetadataException(
                "A task binds to -ExtendFrom.", new PSInvalidCastException("A task is no row."));
}
