using System.Text.Json.Nodes;
using OmniTools.Mcp.Answers;
using OmniTools.Tasks;

namespace OmniTools.Mcp.Serving;

/// <summary>The call to make next, ready to be made.</summary>
internal static class NextCall
{
    public const string List = "list_video_tasks {}";

    public const string Status = "get_provider_status {}";

    public static string Get(string? id) => id is null ? List : $"get_video_task {{\"task_id\":{Quote(id)}}}";

    public static string Wait(params IEnumerable<string> ids) => $"wait_video_task {{\"task_ids\":[{string.Join(',', ids.Select(Quote))}]}}";

    public static string Save(string id) => $"save_video {{\"task_id\":{Quote(id)}}}";

    public static string Quote(string text) => JsonValue.Create(text).ToJsonString(AnswerJson.Relaxed);

    /// <summary>What to do about a task as it stands.</summary>
    public static string For(VideoTask task) => task.Status switch
    {
        VideoTaskStatus.Completed when task.IsUnsaved => Save(task.Handle),
        VideoTaskStatus.Completed => "nothing: it is saved",
        VideoTaskStatus.Failed => "tell the user; another generate_video is another clip and may be billed",
        VideoTaskStatus.Cancelled => "nothing: it was cancelled at the provider",
        VideoTaskStatus.Unknown => $"{Get(task.RequestKey)} in a minute; never submit again with another key, it may have been billed",
        VideoTaskStatus.Submitting => $"{Get(task.RequestKey)} in 10 seconds; never submit again with another key",
        _ => Wait(task.Handle),
    };
}
