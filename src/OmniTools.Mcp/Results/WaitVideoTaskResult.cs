namespace OmniTools.Mcp.Results;

/// <summary>What <c>wait_video_task</c> returns.</summary>
internal sealed class WaitVideoTaskResult
{
    public const string Schema = $$$$"""
        {"type":"object","properties":{
          "all_ended":{"type":"boolean"},
          "tasks":{"type":"array","items":{{{{TaskSchemas.Brief}}}}},
          "failures":{"type":"array","items":{"type":"object","required":["task_id","kind","message"]}},
          "retry_after_seconds":{"type":"integer"},
          "next":{"type":"string"}
        },"required":["all_ended","tasks","next"]}
        """;

    public required bool AllEnded { get; init; }
    public required IReadOnlyList<VideoTaskResult> Tasks { get; init; }
    public IReadOnlyList<VideoTaskFailure>? Failures { get; init; }
    public int? RetryAfterSeconds { get; init; }
    public required string Next { get; init; }
}
