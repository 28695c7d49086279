namespace OmniTools.Mcp.Results;

/// <summary>What <c>list_video_tasks</c> returns.</summary>
internal sealed class ListVideoTasksResult
{
    public required IReadOnlyList<VideoTaskRow> Tasks { get; init; }
    public string? NextCursor { get; init; }
    public IReadOnlyList<string>? Warnings { get; init; }
}
