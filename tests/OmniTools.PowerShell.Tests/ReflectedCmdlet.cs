using System.Management.Automation;
using System.Reflection;
using OmniTools.PowerShell.Commands;

namespace OmniTools.PowerShell.Tests;

/// <summary>
/// A cmdlet as its attributes describe it. They are read as data: the reference assembly's attribute instances are
/// empty.
/// </summary>
internal sealed record ReflectedCmdlet(
    Type Type, string Verb, string Noun, bool SupportsShouldProcess, int? ConfirmImpact, string? DefaultSet)
{
    public static IReadOnlyList<ReflectedCmdlet> All { get; } =
    [
        .. typeof(NewOmniVideoCommand).Assembly.GetExportedTypes().Select(Of).OfType<ReflectedCmdlet>()
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    public string Name => $"{Verb}-{Noun}";

    public IReadOnlyList<ReflectedParameter> Parameters { get; } =
    [
        .. Type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => Data<ParameterAttribute>(property).Any())
            .Select(property => new ReflectedParameter(property)),
    ];

    public IReadOnlyList<string> Sets =>
        [
            .. Parameters.SelectMany(parameter => parameter.Uses)
                .Select(use => use.Set).Where(set => set != ReflectedParameter.EverySet)
                .Append(DefaultSet ?? ReflectedParameter.EverySet).Distinct(),
        ];

    public IEnumerable<Type> OutputTypes =>
        Data<OutputTypeAttribute>(Type)
            .SelectMany(data => (IEnumerable<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)
            .Select(argument => (Type)argument.Value!);

    public static IEnumerable<CustomAttributeData> Data<T>(MemberInfo member) =>
        member.GetCustomAttributesData().Where(data => data.AttributeType == typeof(T));

    public static T? Named<T>(CustomAttributeData data, string name) =>
        data.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value
            ? value
            : default;

    public override string ToString() => Name;

    private static ReflectedCmdlet? Of(Type type) =>
        Data<CmdletAttribute>(type).FirstOrDefault() is not { } data
            ? null
            : new(
                type,
                (string)data.ConstructorArguments[0].Value!,
                (string)data.ConstructorArguments[1].Value!,
                Named<bool>(data, "SupportsShouldProcess"),
                Named<int?>(data, "ConfirmImpact"),
                Named<string>(data, "DefaultParameterSetName"));
}
