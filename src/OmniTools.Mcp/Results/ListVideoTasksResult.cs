namespace OmniTools.Mcp.Results;

/// <summary>What <c>list_video_tasks</c> returns.</summary>
internal sealed record ListVideoTasksResult(
    IReadOnlyList<VideoTaskRow> Tasks, string? NextCursor, IReadOnlyList<string>? Warnings);
