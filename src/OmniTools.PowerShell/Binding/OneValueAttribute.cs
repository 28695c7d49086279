using System.Collections;
using System.Management.Automation;

namespace OmniTools.PowerShell.Binding;

/// <summary>
/// Refuses a list where one value is asked for. The binder leaves a property out that it cannot convert, and a clip without
/// it would be bought.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneValueAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        Check(inputData);
        return inputData;
    }

    /// <summary>Throws for a list.</summary>
    public static void Check(object? value)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is IList list)
            throw new ArgumentTransformationMetadataException($"Received: {list.Count} values ({string.Join(", ", list.Cast<object?>())}). Allowed: one. Nothing was sent or billed.");
    }
}
