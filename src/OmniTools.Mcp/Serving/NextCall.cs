using System.Globalization;
using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Ledger;
using OmniTools.Mcp.Answers;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Serving;

/// <summary>The call to make next, ready to be made.</summary>
internal static class NextCall
{
    public const string List = "list_video_tasks {}";

    public const string Status = "get_provider_status {}";

    /// <summary>What to do before another clip is bought in place of one that failed.</summary>
    public const string AskTheUser = "tell the user, and ask before another clip is bought";

    private const int MaximumIds = 10;

    public static string Get(string? id) => id is null ? List : $"get_video_task {{\"task_id\":{Quote(id)}}}";

    public static string Wait(params IReadOnlyList<string> ids) => "wait_video_task " + Ids(ids);

    public static string Save(params IReadOnlyList<string> ids) =>
        "save_video " + (ids is [var only] ? $"{{\"task_id\":{Quote(only)}}}" : Ids(ids));

    public static string Quote(string text) => JsonValue.Create(text).ToJsonString(AnswerJson.Relaxed);

    /// <summary>
    /// The one way to settle an unknown outcome. It is the same in the error, in the task and in the description of generate_video.
    /// </summary>
    public static string Settle(string provider, string requestKey) =>
        ModelCatalog.Providers.FirstOrDefault(spec => spec.Id == provider) switch
        {
            { ReadsByRequestKey: true } => $"{Get(requestKey)} settles it and buys nothing",
            var spec => $"repeat the exact generate_video call with \"request_key\":{Quote(requestKey)}: by {spec?.Name ?? "the provider"}'s documentation " +
                "it returns the existing task; asking cannot settle it",
        };

    /// <summary>
    /// The step of an error about an unknown outcome: the usual one, or the error's own where that is not possible any
    /// more.
    /// </summary>
    public static string Settle(Errors.OmniException error) =>
        error is { Provider: { } provider, RequestKey: { } key }
            && (error.NextStep is null || error.NextStep == UnknownOutcome.NextStep(provider, key))
            ? Settle(provider, key)
            : error.NextStep ?? Get(error.RequestKey ?? error.TaskId);

    /// <summary>What to do about a task as it stands.</summary>
    public static string For(VideoTask task) => task.Status switch
    {
        VideoTaskStatus.Completed when task.IsUnsaved => Save(task.Reference),
        VideoTaskStatus.Completed => "nothing: it is saved",
        VideoTaskStatus.Failed => AskTheUser,
        VideoTaskStatus.Cancelled => "nothing: it was ended at the provider",
        VideoTaskStatus.Unknown => Settle(task.Provider, task.RequestKey),
        VideoTaskStatus.Submitting => $"{Get(task.RequestKey)} in 10 seconds; never submit it with another key",
        _ => Wait(task.Reference),
    };

    private static string Ids(IReadOnlyList<string> ids) =>
        $"{{\"task_ids\":[{string.Join(',', ids.Take(MaximumIds).Select(Quote))}]}}"
        + (ids.Count > MaximumIds ? string.Create(CultureInfo.InvariantCulture, $" and {ids.Count - MaximumIds} more")
            : "");
}
