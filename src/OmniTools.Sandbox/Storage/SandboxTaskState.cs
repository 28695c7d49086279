using OmniTools.VideoTasks;

namespace OmniTools.Sandbox.Storage;

/// <summary>How far a task is.</summary>
internal sealed record SandboxTaskState(VideoTaskStatus Status)
{
    /// <summary>0 to 100.</summary>
    public int Progress { get; init; }

    /// <summary>When it completed.</summary>
    public DateTimeOffset CompletedAt { get; init; }

    /// <summary>When its URLs stop working.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where its videos are, once it is completed.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Why it failed; null: the provider's usual code.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Why it failed, in words.</summary>
    public string ErrorMessage { get; init; } = "The generation failed (sandbox)";
}
