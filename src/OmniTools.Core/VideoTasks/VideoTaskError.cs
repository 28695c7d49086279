using OmniTools.Errors;

namespace OmniTools.VideoTasks;

/// <summary>Why a task failed, or what is known of an unknown outcome.</summary>
public sealed record VideoTaskError
{
    /// <summary>The kind, for programs.</summary>
    public required OmniErrorKind Kind { get; init; }

    /// <summary>The provider's own code.</summary>
    public string? Code { get; init; }

    /// <summary>What happened and what to do next.</summary>
    public required string Message { get; init; }

    /// <summary>Whether it was billed.</summary>
    public required Charged Charged { get; init; }

    /// <summary>All of it in one line.</summary>
    public override string ToString() => $"{Kind}: {Message} (charged: {Charged})";
}
