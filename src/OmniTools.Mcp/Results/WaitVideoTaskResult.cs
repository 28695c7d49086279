namespace OmniTools.Mcp.Results;

/// <summary>What <c>wait_video_task</c> returns.</summary>
internal sealed class WaitVideoTaskResult
{
    public required bool AllEnded { get; init; }
    public required IReadOnlyList<VideoTaskRow> Tasks { get; init; }
    public IReadOnlyList<VideoTaskFailure>? Failures { get; init; }
    public int? RetryAfterSeconds { get; init; }
    public required string Next { get; init; }
}
