namespace OmniTools.PowerShell.Binding;

/// <summary>A task that a parameter refers to: by its id or request key, or the task itself.</summary>
/// <param name="Handle">Its id, or the request key of a task that has none.</param>
/// <param name="IsTask">Whether the task itself was given.</param>
public sealed record TaskReference(string Handle, bool IsTask)
{
    /// <summary>Refers to a task by its id.</summary>
    public TaskReference(string handle)
        : this(handle, IsTask: false)
    {
    }

    /// <summary>Why no task is meant by what was given; null when one is.</summary>
    internal OmniException? Problem { get; init; }

    /// <summary>The handle.</summary>
    public override string ToString() => Handle;

    /// <summary>The handle, or the error.</summary>
    internal string Require() => Problem is null ? Handle : throw Problem;
}
