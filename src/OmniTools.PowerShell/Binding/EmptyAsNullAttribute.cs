using System.Globalization;
using System.Management.Automation;

namespace OmniTools.PowerShell.Binding;

/// <summary>Takes an empty cell of a CSV file as not given, and a cell with a whole number as the number.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyAsNullAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is not string text ? inputData
            : string.IsNullOrWhiteSpace(text) ? null
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
            : inputData;
    }
}
