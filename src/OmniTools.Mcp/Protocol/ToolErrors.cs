using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Protocol;

/// <summary>
/// Errors as an assistant can use them: what happened to what, whether money was spent and the key is used up, the exact call to make
/// next, and last, marked as data, what the provider said.
/// </summary>
internal static class ToolErrors
{
    private const int MaximumEcho = 200;

    /// <summary>The call does not fit the schema.</summary>
    public static CallToolResult FromArguments(ITool tool, IDictionary<string, JsonElement>? given, IReadOnlyList<ArgumentError> errors)
    {
        var text = new StringBuilder("invalid_request: ").Append(tool.Name)
            .Append(" was called with arguments it does not take. Nothing was sent or billed")
            .Append(tool.SpendsMoney ? "; the same request_key is fine.\n" : ".\n");
        foreach (var each in errors)
            text.Append("- ").Append(each).Append('\n');
        return Create(text.Append("A correct call: ").Append(tool.Name).Append(' ')
            .Append(tool.Input.Correct(given, [.. errors.Select(each => each.Parameter)])).ToString());
    }

    /// <summary>
    /// An error of the work itself. <paramref name="step"/> is what was being done, where the tool does several things.
    /// </summary>
    public static CallToolResult FromException(ITool tool, ToolCall call, OmniException error, string? step = null)
    {
        var lines = new List<string> { $"{ResultJson.ToSnakeCase(error.Kind.ToString())}: {DescribeProblem(tool, call, error, step)}",
            DescribeBilling(tool, error) };
        lines.Add(CorrectedCall.Suggest(tool, call, error) ?? $"Next: {NextStep.ForError(tool, call, error)}");
        if (ProviderQuote.Create(error.ProviderCode, error.ProviderMessage) is { } quote)
            lines.Add(quote);
        return Create(string.Join('\n', lines));
    }

    /// <summary>The error in one line with the provider's words, for a list of failures.</summary>
    public static string DescribeInOneLine(OmniException error) =>
        string.Join("; ", new[] { error.Summary.TrimEnd('.'),
            ProviderQuote.Create(error.ProviderCode, error.ProviderMessage) }.OfType<string>());

    /// <summary>A defect of ours. What was bought, if anything, is in the ledger.</summary>
    public static CallToolResult FromDefect(ITool tool, Exception error) => Create(
        $"internal_error: {tool.Name} failed unexpectedly: {error.GetType().Name}: {ProviderText.Clean(error.Message)}\n" +
        (tool.Annotations.IdempotentHint == true
            ? "Nothing was billed by this call."
            : $"Billed: unknown. Do not submit again with another key. Next: {SuggestedCall.ListTasks} shows what became of it"));

    private static string DescribeProblem(ITool tool, ToolCall call, OmniException error, string? step)
    {
        var text = new StringBuilder();
        if ((error.Step ?? step ?? (error.WasSent ? DefaultStep(tool, error) : null)) is { } doing)
            text.Append(call.Session.Root.Relative(doing)).Append(": ");
        if (ArgumentName(error.Field) is { } field && !error.Summary.Contains(field, StringComparison.Ordinal))
            text.Append(field).Append(": ");
        text.Append(error.Summary.TrimEnd('.')).Append('.');
        if (error.Received is { } received)
            text.Append(" Received: ").Append(Truncate(call.Session.Root.Relative(received)).TrimEnd('.')).Append('.');
        if (error.Allowed is { } allowed)
            text.Append(" Allowed: ").Append(allowed.TrimEnd('.')).Append('.');
        return text.ToString();
    }

    private static string DefaultStep(ITool tool, OmniException error) =>
        tool.SpendsMoney ? "submitting" : (error.TaskId ?? error.RequestKey) is { } id ? $"asking about {id}" : "asking";

    private static string DescribeBilling(ITool tool, OmniException error)
    {
        var billed = $"Billed: {BillingText.Billed(error.Charged)}";
        if (!tool.SpendsMoney)
        {
            return error.Charged == Charged.No ? billed + "."
                : $"{billed} (the clip; this call is free).{(error.Kind is OmniErrorKind.TaskFailed or OmniErrorKind.NoVideo or OmniErrorKind.ResultExpired ? " " + BillingText.AnotherClip : "")}";
        }
        return error switch
        {
            { Kind: OmniErrorKind.DuplicateRequest } => "This call bought nothing.",
            { Charged: Charged.No, WasSent: true, Step: null } => $"{billed}. {BillingText.UnchangedRequest}",
            { Charged: Charged.No } => $"{billed}. {(error.WasSent ? BillingText.SameKey : BillingText.NothingSent)}",
            { Charged: Charged.Unknown } =>
                $"{billed}. Do not submit it with another key: that could buy a second clip.",
            _ => billed + ".",
        };
    }

    /// <summary>
    /// The argument that a field of an error is: the catalog's word for the length of a clip is the provider's.
    /// </summary>
    public static string? ArgumentName(string? field) => field == "duration" ? "duration_seconds" : field;

    /// <summary>A given value, cut to what an answer repeats at most.</summary>
    public static string Truncate(string text) => text.Length > MaximumEcho ? text[..MaximumEcho] + "…" : text;

    private static CallToolResult Create(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text.TrimEnd() }] };
}
