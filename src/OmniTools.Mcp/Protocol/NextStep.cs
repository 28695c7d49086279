using OmniTools.Catalog;
using OmniTools.Ledger;

namespace OmniTools.Mcp.Protocol;

/// <summary>The next step after an error.</summary>
internal static class NextStep
{
    public static async Task<string> ForErrorAsync(ToolCall call, OmniException error)
    {
        var tool = call.Tool;
        var handle = error.TaskId ?? error.RequestKey;
        return error.Kind switch
        {
            OmniErrorKind.OutcomeUnknown => SuggestedCall.SettleOutcome(error),
            OmniErrorKind.DuplicateRequest when error.RequestKey is { } key => ForDuplicate(error, key),
            OmniErrorKind.ProviderUnavailable when tool.Name == "save_video" && error.NextStep is { } step =>
                ToClause(step),
            OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable => RepeatLater(tool, error),
            OmniErrorKind.TimedOut when handle is not null => $"{SuggestedCall.WaitForTasks(handle)}; the task goes on",
            OmniErrorKind.NotFound when tool.SpendsMoney =>
                $"{error.NextStep ?? "check the arguments"}; {SuggestedCall.GetStatus}",
            OmniErrorKind.NotFound or OmniErrorKind.TimedOut =>
                $"{SuggestedCall.ListTasks} shows the ids; a task made elsewhere needs its provider",
            OmniErrorKind.ContentRejected when tool.SpendsMoney =>
                "change the prompt or the references with the user, then submit with another request_key",
            OmniErrorKind.TaskFailed or OmniErrorKind.NoVideo or OmniErrorKind.ContentRejected =>
                SuggestedCall.AskTheUser,
            OmniErrorKind.OutputRefused => "the video is not lost: save_video with another path, or without one",
            OmniErrorKind.InsufficientBalance => await TopUpAsync(call, error),
            OmniErrorKind.InvalidRequest when error.Field == "provider" && tool.SpendsMoney => ChooseProvider(call),
            OmniErrorKind.InvalidRequest when tool.SpendsMoney && error.Step is not null =>
                "replace that file, then the same call",
            OmniErrorKind.InvalidRequest when tool.SpendsMoney && error.WasSent =>
                "correct what the provider names, with the user, then submit with another request_key",
            OmniErrorKind.ResultExpired =>
                "tell the user: the provider's support can be asked with the task id; another clip costs again, so "
                    + "ask first",
            OmniErrorKind.Authentication or OmniErrorKind.Permission or OmniErrorKind.InvalidConfiguration =>
                $"{ToClause(error.NextStep ?? "tell the user")}; {SuggestedCall.GetStatus} shows whether it is settled",
            _ => ToClause(error.NextStep ?? $"tell the user; {SuggestedCall.GetStatus} shows whether it is settled"),
        };
    }

    /// <summary>Another request of the same content is unsettled, or the key belongs to other content.</summary>
    public static string ForDuplicate(OmniException error, string key) =>
        error.Provider is { } provider
            && error.NextStep?.StartsWith(UnknownOutcome.NextStep(provider, key), StringComparison.Ordinal) == true
            ? $"{SuggestedCall.SettleOutcome(provider, key)}. "
                + "If the user wants a second clip: the same call with a request_key of its own"
            : $"{SuggestedCall.GetTask(key)} shows the clip of that key; a new clip needs another request_key";

    private static string ToClause(string step) => char.ToLowerInvariant(step[0]) + step[1..].TrimEnd('.');

    private static string RepeatLater(OmniTool tool, OmniException error)
    {
        var when = error.RetryAt is { } at ? $"after {at:yyyy-MM-dd HH:mm:ss}Z" : "in a minute";
        return !tool.SpendsMoney ? $"the same call {when}: it is free, and the task goes on meanwhile"
            : error is { RequestKey: { } key, Step: null }
                ? $"the same call with \"request_key\":{SuggestedCall.QuoteJson(key)} {when}: that key never buys twice"
            : $"the same call {when}";
    }

    private static async Task<string> TopUpAsync(ToolCall call, OmniException error)
    {
        var provider = ModelCatalog.Providers.FirstOrDefault(spec => spec.Id == error.Provider)?.Name ?? "the provider";
        var step = $"tell the user to top up the account at {provider}";
        return await CorrectedCall.FindProviderAsync(call, error.Provider) is { } other
            ? $"{step}, or, if the user agrees, the same call with \"provider\":\"{other}\" and another request_key"
            : step;
    }

    private static string ChooseProvider(ToolCall call) =>
        "the same call with " + string.Join(" or ",
            call.Session.Settings.ReadyProviders.Select(spec => $"\"provider\":\"{spec.Id}\""));
}
