namespace OmniTools.Sandbox.Storage;

/// <summary>The tasks that a sandbox has accepted.</summary>
internal interface ISandboxTaskStore
{
    /// <summary>The task of an id of <see cref="SandboxId"/>; null when there is none.</summary>
    SandboxTask? Find(string id);

    /// <summary>The task that a repeated submission is answered with; null: it is a new one.</summary>
    SandboxTask? FindSubmitted(string id);

    /// <summary>
    /// Keeps a task unless one of its id is there already; gives the one that is kept, and whether it is new.
    /// </summary>
    (SandboxTask Task, bool IsNew) Add(SandboxTask task);

    /// <summary>True once for each id: the first time it is asked.</summary>
    bool IsFirst(string id);

    /// <summary>How far a task is.</summary>
    SandboxTaskState GetState(SandboxTask task, DateTimeOffset now);
}
