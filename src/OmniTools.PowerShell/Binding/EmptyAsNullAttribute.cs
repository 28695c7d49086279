using System.Globalization;
using System.Management.Automation;

namespace OmniTools.PowerShell.Binding;

/// <summary>
/// Takes an empty cell of a CSV file as not given, and a cell with a whole number as the number. Anything else is refused
/// here: the binder leaves a property out that it cannot convert, and a clip of another length would be bought.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyAsNullAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        OneValueAttribute.Check(inputData);
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null => null,
            string text when string.IsNullOrWhiteSpace(text) => null,
            string text when int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
            not string when LanguagePrimitives.TryConvertTo<int>(value, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new ArgumentTransformationMetadataException($"Received: '{value}'. Allowed: a whole number, or nothing. Nothing was sent or billed."),
        };
    }
}
