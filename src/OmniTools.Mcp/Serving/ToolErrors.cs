using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;

namespace OmniTools.Mcp.Serving;

/// <summary>
/// Errors as an assistant can use them: what happened to what, whether money was spent and the key is used up, the exact call to make
/// next, and last, marked as data, what the provider said.
/// </summary>
internal static class ToolErrors
{
    private const int MaximumEcho = 200;

    /// <summary>The call does not fit the schema.</summary>
    public static CallToolResult WrongCall(IOmniTool tool, IDictionary<string, JsonElement>? given, IReadOnlyList<Mistake> mistakes)
    {
        var text = new StringBuilder("invalid_request: ").Append(tool.Name)
            .Append(" was called with arguments it does not take. Nothing was sent or billed")
            .Append(tool.Spends ? "; the same request_key is fine.\n" : ".\n");
        foreach (var mistake in mistakes)
            text.Append("- ").Append(mistake).Append('\n');
        return Of(text.Append("A correct call: ").Append(tool.Name).Append(' ')
            .Append(tool.Input.Corrected(given, [.. mistakes.Select(mistake => mistake.Field)])).ToString());
    }

    /// <summary>
    /// An error of the work itself. <paramref name="step"/> is what was being done, where the tool does several things.
    /// </summary>
    public static CallToolResult From(IOmniTool tool, ToolCall call, OmniException error, string? step = null)
    {
        var lines = new List<string> { $"{AnswerJson.Word(error.Kind.ToString())}: {What(tool, call, error, step)}",
            Billing(tool, error) };
        lines.Add(CorrectedCall.For(tool, call, error) ?? $"Next: {NextStep.For(tool, call, error)}");
        if (ProviderQuote.Of(error.ProviderCode, error.ProviderMessage) is { } quote)
            lines.Add(quote);
        return Of(string.Join('\n', lines));
    }

    /// <summary>The error in one line with the provider's words, for a list of failures.</summary>
    public static string Line(OmniException error) =>
        string.Join("; ", new[] { error.Summary.TrimEnd('.'),
            ProviderQuote.Of(error.ProviderCode, error.ProviderMessage) }.OfType<string>());

    /// <summary>A defect of ours. What was bought, if anything, is in the ledger.</summary>
    public static CallToolResult Unexpected(IOmniTool tool, Exception error) => Of(
        $"internal_error: {tool.Name} failed unexpectedly: {error.GetType().Name}: {ProviderText.Clean(error.Message)}\n" +
        (tool.Annotations.IdempotentHint == true
            ? "Nothing was billed by this call."
            : $"Billed: unknown. Do not submit again with another key. Next: {NextCall.List} shows what became of it"));

    private static string What(IOmniTool tool, ToolCall call, OmniException error, string? step)
    {
        var text = new StringBuilder();
        if ((error.Step ?? step ?? (error.WasSent ? DefaultStep(tool, error) : null)) is { } doing)
            text.Append(call.Session.Root.Relative(doing)).Append(": ");
        if (ArgumentName(error.Field) is { } field && !error.Summary.Contains(field, StringComparison.Ordinal))
            text.Append(field).Append(": ");
        text.Append(error.Summary.TrimEnd('.')).Append('.');
        if (error.Received is { } received)
            text.Append(" Received: ").Append(Short(call.Session.Root.Relative(received)).TrimEnd('.')).Append('.');
        if (error.Allowed is { } allowed)
            text.Append(" Allowed: ").Append(allowed.TrimEnd('.')).Append('.');
        return text.ToString();
    }

    private static string DefaultStep(IOmniTool tool, OmniException error) =>
        tool.Spends ? "submitting" : (error.TaskId ?? error.RequestKey) is { } id ? $"asking about {id}" : "asking";

    private static string Billing(IOmniTool tool, OmniException error)
    {
        var billed = $"Billed: {BillingText.Billed(error.Charged)}";
        if (!tool.Spends)
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
    public static string Short(string text) => text.Length > MaximumEcho ? text[..MaximumEcho] + "…" : text;

    private static CallToolResult Of(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text.TrimEnd() }] };
}
