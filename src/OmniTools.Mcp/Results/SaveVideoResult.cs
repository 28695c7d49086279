namespace OmniTools.Mcp.Results;

/// <summary>What <c>save_video</c> returns.</summary>
internal sealed record SaveVideoResult(
    IReadOnlyList<SavedFileResult> Files, IReadOnlyList<VideoTaskFailure>? Failures, string? Next);

/// <summary>One saved file.</summary>
internal sealed record SavedFileResult(string TaskId, string Path, long Bytes, string Sha256, bool AlreadySaved);
