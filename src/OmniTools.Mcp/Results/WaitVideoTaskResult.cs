namespace OmniTools.Mcp.Results;

/// <summary>What <c>wait_video_task</c> returns.</summary>
internal sealed record WaitVideoTaskResult(
    bool AllEnded, IReadOnlyList<VideoTaskRow> Tasks, IReadOnlyList<VideoTaskFailure>? Failures,
    int? RetryAfterSeconds, string Next);
