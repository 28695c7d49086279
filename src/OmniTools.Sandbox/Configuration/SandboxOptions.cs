namespace OmniTools.Sandbox.Configuration;

/// <summary>What a sandbox needs to know.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where its tasks are kept, one small file each; made when the first task is.</summary>
    public required string Folder { get; init; }

    /// <summary>The clock that tasks progress by. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long one generation takes. The default is 3 seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);
}
