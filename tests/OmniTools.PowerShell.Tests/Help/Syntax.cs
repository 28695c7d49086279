using System.Globalization;
using System.Management.Automation;

namespace OmniTools.PowerShell.Tests.Help;

/// <summary>Says in the words of help what attributes say of a cmdlet.</summary>
internal static class Syntax
{
    public static IEnumerable<ReflectedParameter> In(ReflectedCmdlet cmdlet, string set) =>
        cmdlet.Parameters.Where(parameter => parameter.UseIn(set) is not null)
            .OrderBy(parameter => parameter.UseIn(set)!.Position ?? int.MaxValue);

    public static string Line(ReflectedCmdlet cmdlet, string set) =>
        string.Join(
            ' ',
            [
                cmdlet.Name,
                .. In(cmdlet, set).Select(parameter => Word(parameter, parameter.UseIn(set)!)),
                .. cmdlet.SupportsShouldProcess ? ["[-WhatIf]", "[-Confirm]"] : Array.Empty<string>(),
                "[<CommonParameters>]",
            ]);

    public static string Yaml(ReflectedCmdlet cmdlet, ReflectedParameter parameter)
    {
        var use = parameter.Uses;
        var sets = use.Any(one => one.Set == ReflectedParameter.EverySet)
            ? "(All)"
            : string.Join(", ", use.Select(one => one.Set));
        return $"""
            Type: {TypeName(parameter.Type)}
            Parameter Sets: {sets}
            Aliases: {(parameter.Aliases.Count == 0 ? "None" : string.Join(", ", parameter.Aliases))}
            Required: {(
                use.All(one => one.Mandatory) ? "True"
                : use.Any(one => one.Mandatory)
                    ? $"True ({string.Join(", ", use.Where(one => one.Mandatory).Select(one => one.Set))}), False"
                : "False"
            )}
            Position: {Position(use)}
            Default value: {parameter.Default ?? "None"}
            Accept pipeline input: {Pipeline(use)}
            Accept wildcard characters: {parameter.Has<SupportsWildcardsAttribute>()}
            """.ReplaceLineEndings("\n");
    }

    public static string TypeName(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? TypeName(inner) : type.Name;

    public static string Position(IReadOnlyList<ParameterUse> use) =>
        use.Select(one => one.Position).FirstOrDefault(one => one is not null)?.ToString(CultureInfo.InvariantCulture)
        ?? "Named";

    public static string Pipeline(IReadOnlyList<ParameterUse> use)
    {
        string[] ways =
        [
            .. use.Any(one => one.FromPipeline) ? ["ByValue"] : Array.Empty<string>(),
            .. use.Any(one => one.FromPipelineByName) ? ["ByPropertyName"] : Array.Empty<string>(),
        ];
        return ways.Length == 0 ? "False" : $"True ({string.Join(", ", ways)})";
    }

    private static string Word(ReflectedParameter parameter, ParameterUse use)
    {
        var name = use.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        var word =
            parameter.Type == typeof(SwitchParameter) ? $"-{parameter.Name}" : $"{name} <{TypeName(parameter.Type)}>";
        return use.Mandatory ? word : $"[{word}]";
    }
}
