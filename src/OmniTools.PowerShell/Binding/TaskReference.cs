namespace OmniTools.PowerShell.Binding;

/// <summary>A task that a parameter refers to: by its id, or the task itself.</summary>
/// <param name="Handle">Its id, or the request key of a task that has none.</param>
/// <param name="IsTask">Whether the task itself was given.</param>
public sealed record TaskReference(string Handle, bool IsTask)
{
    /// <summary>Refers to a task by its id.</summary>
    public TaskReference(string handle)
        : this(handle, IsTask: false)
    {
    }

    /// <summary>The handle.</summary>
    public override string ToString() => Handle;
}
