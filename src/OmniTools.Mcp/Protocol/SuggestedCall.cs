using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Ledger;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Protocol;

/// <summary>The text of the call to make next.</summary>
internal static class SuggestedCall
{
    public const string ListTasks = "list_video_tasks {}";

    public const string GetStatus = "get_provider_status {}";

    /// <summary>What to do before another clip is bought in place of one that failed.</summary>
    public const string AskTheUser = "tell the user, and ask before another clip is bought";

    private const int MaximumIds = 10;

    public static string GetTask(string? id) =>
        id is null ? ListTasks : $"get_video_task {{\"task_id\":{QuoteJson(id)}}}";

    public static string WaitForTasks(params IReadOnlyList<string> ids) => "wait_video_task " + Ids(ids);

    public static string SaveTasks(params IReadOnlyList<string> ids) =>
        "save_video " + (ids is [var only] ? $"{{\"task_id\":{QuoteJson(only)}}}" : Ids(ids));

    public static string QuoteJson(string text) => JsonValue.Create(text).ToJsonString(ResultJson.RelaxedOptions);

    /// <summary>
    /// The one way to settle an unknown outcome. It is the same in the error, in the task and in the description of
    /// generate_video.
    /// </summary>
    public static string SettleOutcome(string provider, string requestKey) =>
        ModelCatalog.Providers.FirstOrDefault(spec => spec.Id == provider) switch
        {
            { ReadsByRequestKey: true } => $"{GetTask(requestKey)} settles it and buys nothing",
            var spec =>
                $"repeat the exact generate_video call with \"request_key\":{QuoteJson(requestKey)}: by "
                    + $"{spec?.Name ?? "the provider"}'s documentation "
                    + "it returns the existing task; asking cannot settle it",
        };

    /// <summary>
    /// The step of an error about an unknown outcome: the usual one, or the error's own where that is not possible any
    /// more.
    /// </summary>
    public static string SettleOutcome(OmniException error) =>
        error is { Provider: { } provider, RequestKey: { } key }
            && (error.NextStep is null || error.NextStep == UnknownOutcome.NextStep(provider, key))
            ? SettleOutcome(provider, key)
            : error.NextStep ?? GetTask(error.RequestKey ?? error.TaskId);

    /// <summary>What to do next about a task.</summary>
    public static string ForTask(VideoTask task) => task.Status switch
    {
        VideoTaskStatus.Completed when task.IsUnsaved => SaveTasks(task.Reference),
        VideoTaskStatus.Completed => "nothing: it is saved",
        VideoTaskStatus.Failed => AskTheUser,
        VideoTaskStatus.Cancelled => "nothing: it was ended at the provider",
        VideoTaskStatus.Unknown => SettleOutcome(task.Provider, task.RequestKey),
        VideoTaskStatus.Submitting => $"{GetTask(task.RequestKey)} in 10 seconds; never submit it with another key",
        _ => WaitForTasks(task.Reference),
    };

    private static string Ids(IReadOnlyList<string> ids) =>
        $"{{\"task_ids\":[{string.Join(',', ids.Take(MaximumIds).Select(QuoteJson))}]}}"
        + (ids.Count > MaximumIds ? $" and {ids.Count - MaximumIds} more"
            : "");
}
