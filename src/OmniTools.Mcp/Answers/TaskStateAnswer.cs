namespace OmniTools.Mcp.Answers;

/// <summary>What <c>get_video_task</c> returns.</summary>
internal sealed class TaskStateAnswer
{
    public const string Schema = $$$$"""{"type":"object","properties":{"task":{{{{TaskSchemas.Full}}}},"next":{"type":"string"}},"required":["task","next"]}""";

    public required TaskAnswer Task { get; init; }
    public required string Next { get; init; }
}
