using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OmniTools.PowerShell.Tests.Help;

/// <summary>The help file that Get-Help reads, made of the pages.</summary>
internal static partial class Maml
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static string Of(IEnumerable<HelpPage> pages) =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        + new XElement(
            Msh + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Text),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            pages.Select(Item)).ToString().ReplaceLineEndings("\n")
        + "\n";

    private static XElement Item(HelpPage page) => new(
        Command + "command",
        new XElement(
            Command + "details",
            new XElement(Command + "name", page.Cmdlet.Name),
            new XElement(Command + "verb", page.Cmdlet.Verb),
            new XElement(Command + "noun", page.Cmdlet.Noun),
            Description(page.Synopsis)),
        Description(page.Description),
        new XElement(Command + "syntax", page.Cmdlet.Sets.Select(set => new XElement(
            Command + "syntaxItem",
            new XElement(Text + "name", page.Cmdlet.Name),
            Syntax.In(page.Cmdlet, set).Select(parameter => Parameter(page, parameter, [parameter.UseIn(set)!])),
            page.Cmdlet.SupportsShouldProcess ? new[] { Common("WhatIf"), Common("Confirm") } : null))),
        new XElement(
            Command + "parameters",
            page.Cmdlet.Parameters.Select(parameter => Parameter(page, parameter, parameter.Uses)),
            page.Cmdlet.SupportsShouldProcess ? new[] { Common("WhatIf"), Common("Confirm") } : null),
        new XElement(Command + "inputTypes", new XElement(Command + "inputType", TypeOf(Plain(page.Inputs)))),
        new XElement(Command + "returnValues", new XElement(Command + "returnValue", TypeOf(Plain(page.Outputs)))),
        new XElement(Command + "examples", page.Examples.Select(example => new XElement(
            Command + "example",
            new XElement(Text + "title", example.Title),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", Paragraphs(example.Text))))),
        new XElement(Command + "relatedLinks", page.Links.Select(link => new XElement(
            Text + "navigationLink",
            new XElement(Text + "linkText", link.TrimStart('[').Split(']')[0]),
            new XElement(Text + "uri")))));

    private static XElement Parameter(HelpPage page, ReflectedParameter parameter, IReadOnlyList<ParameterUse> uses) =>
        new(
            Command + "parameter",
            new XAttribute("required", uses.All(use => use.Mandatory) ? "true" : "false"),
            new XAttribute("globbing", parameter.Has<SupportsWildcardsAttribute>() ? "true" : "false"),
            new XAttribute("pipelineInput", Syntax.Pipeline(uses)),
            new XAttribute("position", Syntax.Position(uses).ToLowerInvariant()),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Text + "name", parameter.Name),
            Description(page.Parameters.GetValueOrDefault(parameter.Name, "")),
            parameter.Type == typeof(SwitchParameter)
                ? null
                : new XElement(
                    Command + "parameterValue", new XAttribute("required", "true"), Syntax.TypeName(parameter.Type)),
            TypeOf(Syntax.TypeName(parameter.Type)),
            parameter.Default is null ? null : new XElement(Dev + "defaultValue", parameter.Default));

    private static XElement Common(string name) => new(
        Command + "parameter",
        new XAttribute("required", "false"),
        new XAttribute("position", "named"),
        new XElement(Text + "name", name),
        Description(HelpPage.Common[name]),
        TypeOf(nameof(SwitchParameter)));

    private static XElement TypeOf(string name) => new(Dev + "type", new XElement(Text + "name", name));

    private static XElement Description(string text) => new(Text + "description", Paragraphs(text));

    private static IEnumerable<XElement> Paragraphs(string text) =>
        Plain(text).Split("\n\n").Select(paragraph => new XElement(Text + "para", paragraph.Trim()));

    // The lines of a paragraph are one text; the console wraps it to its own width.
    private static string Plain(string markdown) =>
        LineBreak().Replace(markdown.Replace("`", "", StringComparison.Ordinal), " ");

    [GeneratedRegex(@"(?<!\n)\n(?!\n)")]
    private static partial Regex LineBreak();
}
