using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace OmniTools.PowerShell.Tests;

/// <summary>How a parameter takes part in one parameter set.</summary>
internal sealed record ParameterUse(
    string Set, bool Mandatory, int? Position, bool FromPipeline, bool FromPipelineByName);

/// <summary>A parameter as its attributes describe it.</summary>
internal sealed class ReflectedParameter(PropertyInfo property)
{
    public const string EverySet = "__AllParameterSets";

    public string Name => property.Name;

    public Type Type => property.PropertyType;

    public IReadOnlyList<ParameterUse> Uses { get; } =
    [
        .. ReflectedCmdlet.Data<ParameterAttribute>(property).Select(data => new ParameterUse(
                ReflectedCmdlet.Named<string>(data, "ParameterSetName") ?? EverySet,
                ReflectedCmdlet.Named<bool>(data, "Mandatory"),
                data.NamedArguments.Any(argument => argument.MemberName == "Position")
                    ? ReflectedCmdlet.Named<int>(data, "Position")
                    : null,
                ReflectedCmdlet.Named<bool>(data, "ValueFromPipeline"),
                ReflectedCmdlet.Named<bool>(data, "ValueFromPipelineByPropertyName"))),
    ];

    public IReadOnlyList<string> Aliases { get; } =
    [
        .. ReflectedCmdlet.Data<AliasAttribute>(property)
            .SelectMany(data => (IEnumerable<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)
            .Select(argument => (string)argument.Value!),
    ];

    /// <summary>The number that stands for one not given; null: there is none to tell.</summary>
    public string? Default { get; } =
        property.PropertyType == typeof(int)
        && property.GetValue(Activator.CreateInstance(property.DeclaringType!)) is int number and not int.MaxValue
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;

    public bool Has<T>() => ReflectedCmdlet.Data<T>(property).Any();

    public ParameterUse? UseIn(string set) => Uses.FirstOrDefault(use => use.Set == set || use.Set == EverySet);

    public override string ToString() => Name;
}
