namespace OmniTools.Mcp.Results;

/// <summary>What <c>get_video_task</c> returns.</summary>
internal sealed class GetVideoTaskResult
{
    public required VideoTaskResult Task { get; init; }
    public required string Next { get; init; }
}
