using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;

namespace OmniTools.Mcp.Serving;

/// <summary>Errors as an assistant can use them: what happened, whether money was spent, and the exact call to make next.</summary>
internal static class ToolErrors
{
    /// <summary>The call does not fit the schema.</summary>
    public static CallToolResult WrongCall(IOmniTool tool, IDictionary<string, JsonElement>? given, IReadOnlyList<Mistake> mistakes)
    {
        var text = new StringBuilder("invalid_request: ").Append(tool.Name).Append(" was called with arguments it does not take. Nothing was sent or billed.\n");
        foreach (var mistake in mistakes)
            text.Append("- ").Append(mistake).Append('\n');
        return Of(text.Append(Corrected(tool, given, [.. mistakes.Select(mistake => mistake.Field)])).ToString());
    }

    public static CallToolResult From(IOmniTool tool, IDictionary<string, JsonElement>? given, OmniException error)
    {
        var text = new StringBuilder(AnswerJson.Word(error.Kind.ToString())).Append(": ");
        var field = ArgumentName(error.Field);
        if (field is not null)
            text.Append(field).Append(": ");
        text.Append(error.Message).Append('\n');
        if (error.RetryAt is { } at)
            text.Append(FormattableString.Invariant($"Not before {at:yyyy-MM-dd HH:mm:ss}Z.\n"));
        if (error.Kind == OmniErrorKind.InvalidRequest && tool.Input.Fields.Any(each => each.Name == field))
            text.Append(Corrected(tool, given, [], tool.Input.Fields.Single(each => each.Name == field)));
        else
            text.Append(Next(tool, error));
        return Of(text.ToString());
    }

    /// <summary>A defect of ours. What was bought, if anything, is in the ledger.</summary>
    public static CallToolResult Unexpected(IOmniTool tool, Exception error) => Of(
        $"internal_error: {tool.Name} failed unexpectedly: {error.GetType().Name}: {ProviderText.Clean(error.Message)}\n" +
        (tool.Annotations.IdempotentHint == true
            ? "Nothing was billed by this call."
            : $"Do not submit again with another key. See what became of it first: {NextCall.List}"));

    private static string Next(IOmniTool tool, OmniException error)
    {
        var handle = error.TaskId ?? error.RequestKey;
        return error.Kind switch
        {
            OmniErrorKind.OutcomeUnknown => $"Do not submit again with another key: that could buy a second clip. Next: {NextCall.Get(error.RequestKey ?? handle)}",
            OmniErrorKind.DuplicateRequest when handle is not null => $"Nothing needs to be submitted again. Next: {NextCall.Get(handle)}",
            OmniErrorKind.DuplicateRequest => $"Next: {NextCall.List}",
            OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable when tool.Name == "generate_video" => error.RequestKey is { } key
                ? $"Later, the same call with \"request_key\":{NextCall.Quote(key)}: that key never buys twice."
                : $"See first what the ledger knows: {NextCall.List}",
            OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable => "This was only a read: the same call is safe later, and the task goes on meanwhile.",
            OmniErrorKind.TimedOut when handle is not null => $"The task goes on. Next: {NextCall.Wait(handle)}",
            OmniErrorKind.NotFound or OmniErrorKind.TimedOut => $"Next: {NextCall.List}",
            OmniErrorKind.TaskFailed or OmniErrorKind.NoVideo or OmniErrorKind.ContentRejected or OmniErrorKind.ResultExpired =>
                "Tell the user before anything else: another generate_video is another clip, and may be billed.",
            OmniErrorKind.OutputRefused => "The video is not lost. Next: save_video with a path like \"clips/name.mp4\", or without one.",
            OmniErrorKind.InvalidRequest => $"Next: {NextCall.Status}",
            _ => $"Tell the user. To check whether it is settled: {NextCall.Status}",
        };
    }

    private static string Corrected(IOmniTool tool, IDictionary<string, JsonElement>? given, IReadOnlyCollection<string> replaced, Field? dropped = null) =>
        $"{(dropped?.ShapesClip == true ? $"Without {dropped.Name}, which makes another clip (ask the user first)" : "A correct call")}: {tool.Name} {tool.Input.Corrected(given, replaced, dropped?.Name)}";

    // The catalog's word for the length of a clip is the provider's.
    private static string? ArgumentName(string? field) => field == "duration" ? "duration_seconds" : field;

    private static CallToolResult Of(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text.TrimEnd() }] };
}
