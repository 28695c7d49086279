namespace OmniTools.Mcp.Answers;

/// <summary>What <c>save_video</c> returns.</summary>
internal sealed class SaveAnswer
{
    public const string Schema =
        """
        {"type":"object","properties":{"files":{"type":"array","items":{"type":"object","properties":{"path":{"type":"string"},"bytes":{"type":"integer"},"sha256":{"type":"string"},"already_saved":{"type":"boolean"}},"required":["path","bytes","sha256","already_saved"]}},"task_id":{"type":"string"}},"required":["files","task_id"]}
        """;

    public required IReadOnlyList<FileAnswer> Files { get; init; }
    public required string TaskId { get; init; }
}

/// <summary>One saved file.</summary>
internal sealed class FileAnswer
{
    public required string Path { get; init; }
    public required long Bytes { get; init; }
    public required string Sha256 { get; init; }
    public required bool AlreadySaved { get; init; }
}
