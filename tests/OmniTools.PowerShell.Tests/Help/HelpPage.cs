using System.Text;
using System.Text.RegularExpressions;

namespace OmniTools.PowerShell.Tests.Help;

internal sealed record HelpExample(string Title, string Code, string Text);

/// <summary>
/// A cmdlet's page under docs/cmdlets: its words are written there, what can be reflected is put in between.
/// </summary>
internal sealed partial record HelpPage(
    ReflectedCmdlet Cmdlet, string Synopsis, string Description, IReadOnlyList<HelpExample> Examples,
    IReadOnlyDictionary<string, string> Parameters, string Inputs, string Outputs, IReadOnlyList<string> Links)
{
    /// <summary>What the engine gives every cmdlet that changes something.</summary>
    public static readonly IReadOnlyDictionary<string, string> Common = new Dictionary<string, string>
    {
        ["WhatIf"] = "Shows what would be done, and does nothing.",
        ["Confirm"] = "Asks before anything is done.",
    };

    public static string FileOf(ReflectedCmdlet cmdlet) =>
        Path.Combine(Repository.Root, "docs", "cmdlets", cmdlet.Name + ".md");

    public static HelpPage Read(ReflectedCmdlet cmdlet)
    {
        var sections = Parts(File.ReadAllText(FileOf(cmdlet)).ReplaceLineEndings("\n"), "\n## ");
        return new(
            cmdlet, sections["SYNOPSIS"], sections["DESCRIPTION"],
            [.. Parts("\n" + sections["EXAMPLES"], "\n### ").Select(part => Example(part.Key, part.Value))],
            Parts("\n" + sections["PARAMETERS"], "\n### -").Where(part => !Common.ContainsKey(part.Key))
                .ToDictionary(part => part.Key, part => Yaml().Replace(part.Value, "").Trim()),
            sections["INPUTS"],
            sections["OUTPUTS"],
            sections["RELATED LINKS"].Split("\n\n"));
    }

    /// <summary>The page as it should read.</summary>
    public string Render()
    {
        var text = new StringBuilder(
            "---\nexternal help file: OmniTools.PowerShell.dll-Help.xml\nModule Name: OmniTools\nschema: "
                + "2.0.0\n---\n\n# "
        ).Append(Cmdlet.Name).Append('\n');
        Section("SYNOPSIS", Synopsis);
        Section("SYNTAX", string.Join("\n\n", Cmdlet.Sets.Select(set => $"```\n{Syntax.Line(Cmdlet, set)}\n```")));
        Section("DESCRIPTION", Description);
        Section(
            "EXAMPLES",
            string.Join(
                "\n\n",
                Examples.Select(example =>
                    $"### {example.Title}\n\n```powershell\n{example.Code}\n```\n\n{example.Text}")));
        var own = Cmdlet.Parameters.Select(parameter =>
            $"### -{parameter.Name}\n\n{Parameters.GetValueOrDefault(parameter.Name, "(not "
                + $"documented)")}\n\n```yaml\n{Syntax.Yaml(Cmdlet, parameter)}\n```"
        );
        Section(
            "PARAMETERS",
            string.Join(
                "\n\n",
                own.Concat(
                    Cmdlet.SupportsShouldProcess ? Common.Select(common => $"### -{common.Key}\n\n{common.Value}") : [])
            ));
        Section("INPUTS", Inputs);
        Section("OUTPUTS", Outputs);
        Section("RELATED LINKS", string.Join("\n\n", Links));
        return text.ToString();

        void Section(string title, string body) =>
            text.Append("\n## ").Append(title).Append("\n\n").Append(body).Append('\n');
    }

    private static HelpExample Example(string title, string body)
    {
        var match = Code().Match(body);
        return new(title, match.Groups["code"].Value, body[(match.Index + match.Length)..].Trim());
    }

    private static Dictionary<string, string> Parts(string text, string mark) =>
        text.Split(mark).Skip(1).Select(part => part.Split('\n', 2))
            .ToDictionary(part => part[0].Trim(), part => part.Length > 1 ? part[1].Trim() : "");

    [GeneratedRegex("```yaml\n.*?\n```", RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex("```powershell\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
