using System.Globalization;
using System.Management.Automation.Language;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Writes the command that runs a batch again, as it can be typed.</summary>
internal static class BatchCommandText
{
    private static readonly string[] LeftOut =
        ["Path", "LiteralPath", "InputObject", "RetryFailed", "WhatIf", "Confirm", "PassThru",
        .. Cmdlet.CommonParameters];

    public static string Write(InvocationInfo invocation)
    {
        var given = invocation.BoundParameters;
        var words = new List<string> { given.ContainsKey("InputObject")
            ? "… | Invoke-OmniVideoBatch"
            : "Invoke-OmniVideoBatch" };
        if (given.TryGetValue("Path", out var path))
            words.Add(Quote($"{path}"));
        if (given.TryGetValue("LiteralPath", out var literal))
            words.Add("-LiteralPath " + Quote($"{literal}"));
        foreach (var (name, value) in given.Where(each => !LeftOut.Contains(each.Key, StringComparer.OrdinalIgnoreCase))
            .OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            words.Add(value is SwitchParameter { IsPresent: var isOn }
                ? isOn ? "-" + name : $"-{name}:$false"
                : $"-{name} {Quote(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}");
        }
        return string.Join(' ', words);
    }

    /// <summary>Text as one argument.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(
        character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or '/' or '\\' or ':' or '~')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
