namespace OmniTools.Mcp.Results;

/// <summary>What <c>save_video</c> returns.</summary>
internal sealed class SaveVideoResult
{
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
