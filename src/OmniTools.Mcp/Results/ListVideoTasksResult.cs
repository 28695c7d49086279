namespace OmniTools.Mcp.Results;

/// <summary>What <c>list_video_tasks</c> returns.</summary>
internal sealed class ListVideoTasksResult
{
    public const string Schema = $$$$"""
        {"type":"object","properties":{
          "tasks":{"type":"array","items":{{{{TaskSchemas.Brief}}}}},
          "next_cursor":{"type":"string"},
          "warnings":{"type":"array","items":{"type":"string"}}
        },"required":["tasks"]}
        """;

    public required IReadOnlyList<VideoTaskResult> Tasks { get; init; }
    public string? NextCursor { get; init; }
    public IReadOnlyList<string>? Warnings { get; init; }
}
