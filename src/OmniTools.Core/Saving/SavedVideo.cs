using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>One video on disk, complete and verified.</summary>
public sealed record SavedVideo
{
    /// <summary>The task, its <see cref="VideoResult.SavedPath"/> filled in.</summary>
    public required VideoTask Task { get; init; }

    /// <summary>Which of the task's videos, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The file, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its SHA-256, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether it was there already, unchanged since it was saved, and nothing was transferred.</summary>
    public bool WasAlreadySaved { get; init; }
}

/// <summary>How far a transfer is.</summary>
/// <param name="Task">The task.</param>
/// <param name="Path">The file's final name.</param>
/// <param name="Received">Bytes on disk.</param>
/// <param name="Total">Bytes in all; null when the server does not say.</param>
public sealed record SaveProgress(VideoTask Task, string Path, long Received, long? Total);
