using OmniTools.Sandbox.Storage;

namespace OmniTools.Testing;

/// <summary>A task as the provider sees it.</summary>
public sealed class LoopbackTask
{
    internal LoopbackTask(SandboxTask task) => Task = task;

    public string Id => Task.Id;

    public string? Key => Task.Key;

    /// <summary>How often it was asked for.</summary>
    public int Polls { get; internal set; }

    internal SandboxTask Task { get; }

    internal SandboxTaskState State { get; set; } = new(VideoTasks.VideoTaskStatus.Queued);

    /// <summary>Whether a test decides on its state.</summary>
    internal bool IsScripted { get; set; }
}
