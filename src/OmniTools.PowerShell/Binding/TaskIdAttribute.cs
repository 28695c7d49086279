using System.Collections;
using System.Globalization;

namespace OmniTools.PowerShell.Binding;

/// <summary>
/// Makes references of ids, tasks, and objects with a TaskId, Id or RequestKey. The text of any other object is never
/// taken for an id: it would become part of a provider's URL.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TaskIdAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Columns = ["TaskId", "Id", "RequestKey"];

    /// <summary>Whether a task is taken for its id. The default is false: another parameter takes tasks.</summary>
    public bool TakesTasks { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Unwrap(inputData) is IList list and not IDictionary
        ? list.Cast<object?>().Select(Reference).ToArray()
        : new[] { Reference(inputData) };

    private TaskReference Reference(object? item) => Unwrap(item) switch
    {
        // A failed conversion lets the binder go on with the parameter that takes tasks.
        VideoTask when !TakesTasks => throw new ArgumentTransformationMetadataException(
            "Give tasks to -InputObject.", new PSInvalidCastException("A task is no id.")),
        VideoTask task => new(task.Reference, IsTask: true),
        TaskReference reference => reference,
        string text => new(text.Trim()),
        null => new(""),
        ValueType value => new(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        _ => FromRow(new(PSObject.AsPSObject(item))),
    };

    private static object? Unwrap(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private static TaskReference FromRow(InputRow row) =>
        Columns.Select(column => $"{row.Get(column)}".Trim()).FirstOrDefault(text => text.Length > 0) is { } handle
            ? new(handle)
            : new("") { Problem = row.MissingColumn("TaskId") };
}
