using System.Text;
using System.Text.Json;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Protocol;

/// <summary>
/// Error results for an assistant: what happened, whether money was spent and the key can be used again, the exact next
/// call, and at the end, marked as data, the provider's message.
/// </summary>
internal static class ToolErrors
{
    private const int MaximumEcho = 200;

    /// <summary>The arguments do not match the schema.</summary>
    public static CallToolResult FromArguments(
        OmniTool tool, IDictionary<string, JsonElement> given, IReadOnlyList<ArgumentError> errors)
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
    /// An error of the work itself. <paramref name="step"/> names the step that failed, if there are several.
    /// </summary>
    public static async Task<CallToolResult> FromExceptionAsync(ToolCall call, OmniException error,
        string? step = null)
    {
        var lines = new List<string>
        {
            $"{ResultJson.ToSnakeCase(error.Kind.ToString())}: {DescribeProblem(call, error, step)}",
            DescribeBilling(call.Tool, error),
            await CorrectedCall.SuggestAsync(call, error) ?? $"Next: {await NextStep.ForErrorAsync(call, error)}",
        };
        if (ProviderQuote.Create(error) is { } quote)
            lines.Add(quote);
        return Create(string.Join('\n', lines));
    }

    /// <summary>A defect in this program. Anything that was bought is in the ledger.</summary>
    public static CallToolResult FromDefect(OmniTool tool, Exception error) =>
        Create($"internal_error: {tool.Name} failed unexpectedly: {error.GetType().Name}: "
            + $"{ProviderText.Clean(error.Message)}\n"
            + (tool.IsIdempotent
                ? "Nothing was billed by this call."
                : "Billed: unknown. Do not submit again with another key. "
                    + $"Next: {SuggestedCall.ListTasks} shows what became of it"));

    private static string DescribeProblem(ToolCall call, OmniException error, string? step)
    {
        var text = new StringBuilder();
        if ((error.Step ?? step ?? (error.WasSent ? DefaultStep(call.Tool, error) : null)) is { } doing)
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

    private static string DefaultStep(OmniTool tool, OmniException error) =>
        tool.SpendsMoney ? "submitting"
        : (error.TaskId ?? error.RequestKey) is { } id ? $"asking about {id}"
        : "asking";

    private static string DescribeBilling(OmniTool tool, OmniException error)
    {
        var billed = $"Billed: {BillingText.Billed(error.Charged)}";
        if (!tool.SpendsMoney)
        {
            if (error.Charged == Charged.No)
                return billed + ".";
            var isOver = error.Kind is OmniErrorKind.TaskFailed or OmniErrorKind.NoVideo or OmniErrorKind.ResultExpired;
            return $"{billed} (the clip; this call is free).{(isOver ? " " + BillingText.AnotherClip : "")}";
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

    /// <summary>The argument that an error's field refers to; providers call the length of a clip "duration".</summary>
    public static string? ArgumentName(string? field) => field == "duration" ? "duration_seconds" : field;

    /// <summary>A received value, cut to the length that a result repeats at most.</summary>
    public static string Truncate(string text) => ProviderText.Shorten(text, MaximumEcho);

    private static CallToolResult Create(string text) =>
        new() { IsError = true, Content = [new TextContentBlock { Text = text.TrimEnd() }] };
}
