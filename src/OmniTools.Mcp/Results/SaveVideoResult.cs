using System.Text.Json.Serialization;

namespace OmniTools.Mcp.Results;

/// <summary>What <c>save_video</c> returns.</summary>
internal sealed class SaveVideoResult
{
    public const string Schema = """
        {"type":"object","properties":{
          "files":{"type":"array","items":{"type":"object","required":["task_id","path","bytes","sha256","already_saved"]}},
          "failures":{"type":"array","items":{"type":"object","required":["task_id","kind","message"]}},
          "next":{"type":"string"}
        },"required":["files"]}
        """;

    public required IReadOnlyList<SavedFileResult> Files { get; init; }
    public IReadOnlyList<VideoTaskFailure>? Failures { get; init; }
    public string? Next { get; init; }
}

/// <summary>One saved file.</summary>
internal sealed class SavedFileResult
{
    public required string TaskId { get; init; }
    public required string Path { get; init; }
    public required long Bytes { get; init; }
    public required string Sha256 { get; init; }
    public required bool AlreadySaved { get; init; }
}

/// <summary>A task of several that could not be followed or saved; the task itself is unchanged.</summary>
internal sealed class VideoTaskFailure
{
    private const int MaximumReason = 60;

    public required string TaskId { get; init; }
    public required string Kind { get; init; }
    public required string Message { get; init; }

    /// <summary>The same among so many that each has to be short.</summary>
    public VideoTaskFailure Shortened() =>
        new()
        {
            TaskId = TaskId,
            Kind = Kind,
            Message = Reason is { Length: > MaximumReason } reason ? reason[..MaximumReason] + "…" : Reason ?? ""
        };

    /// <summary>The message without the provider's words.</summary>
    [JsonIgnore]
    public string? Reason { get; init; }

    /// <summary>The provider's words, marked as such.</summary>
    [JsonIgnore]
    public string? Quote { get; init; }
}
