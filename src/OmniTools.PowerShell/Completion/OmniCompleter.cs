using System.Collections;
using System.ComponentModel;
using System.Management.Automation.Language;
using OmniTools.Catalog;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Completion;

/// <summary>
/// Completes values that begin with the current word. Errors complete nothing, because they cannot be shown.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OmniCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName,
        string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = wordToComplete.Trim('\'', '"');
            return GetCandidates(parameterName, fakeBoundParameters)
                .Where(offer => offer.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Take(50)
                .Select(offer => new CompletionResult(
                    Quoted(offer.Value), offer.Value, CompletionResultType.ParameterValue, offer.ToolTip)).ToList();
        }
        catch (Exception)
        {
            return [];
        }
    }

    private protected abstract IEnumerable<(string Value, string ToolTip)> GetCandidates(
        string parameter, IDictionary bound);

    /// <summary>The provider chosen on the line so far, else the session's, else null.</summary>
    private protected static ProviderSpec? FindProvider(IDictionary bound)
    {
        try
        {
            return OmniSession.Current.Settings.ChooseProvider(bound["Provider"] as string);
        }
        catch (OmniException)
        {
            return null;
        }
    }

    private static string Quoted(string value) =>
        value.Length > 0
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':')
        && char.IsAsciiLetterOrDigit(value[0])
            ? value
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
}
