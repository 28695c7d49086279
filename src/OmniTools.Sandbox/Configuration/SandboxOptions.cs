using OmniTools.Catalog;

namespace OmniTools.Sandbox.Configuration;

/// <summary>The settings of a sandbox.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where its tasks are kept, one small file each; made when the first task is.</summary>
    public required string Folder { get; init; }

    /// <summary>Gives the models that it accepts. The default is the built-in catalog.</summary>
    public Func<ProviderCatalog> Catalog { get; init; } = () => ModelCatalog.BuiltIn;

    /// <summary>The clock that tasks progress by. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long one generation takes. The default is 3 seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);
}
