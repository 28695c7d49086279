namespace OmniTools.Testing;

/// <summary>
/// A task as the provider sees it. Whoever sets a state by hand takes the task out of the automatic mode.
/// </summary>
public sealed record LoopbackTask(string Id, string? Key, string Model, string Body)
{
    /// <summary>The provider's own word.</summary>
    public string Status { get; internal set; } = "queued";

    /// <summary>0 to 100.</summary>
    public int Progress { get; internal set; }

    /// <summary>How often it was asked for.</summary>
    public int Polls { get; internal set; }

    /// <summary>Where its videos are, once completed.</summary>
    public IReadOnlyList<string> Urls { get; internal set; } = [];

    /// <summary>Why it failed.</summary>
    public string ErrorCode { get; internal set; } = "";

    /// <summary>Why it failed, in words.</summary>
    public string ErrorMessage { get; internal set; } = "";

    internal bool IsScripted { get; set; }

    internal DateTimeOffset Created { get; init; }

    internal DateTimeOffset Completed { get; set; }
}
