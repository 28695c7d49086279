using System.Runtime.CompilerServices;

namespace OmniTools.Mcp.Tests;

/// <summary>How long a generation takes in the sandbox of these tests.</summary>
internal static class SandboxSpeed
{
    public const string Variable = "OMNI_SANDBOX_SECONDS";

    /// <summary>A tenth of the default. With [slow] in the prompt it is ten times as much.</summary>
    public const string Seconds = "0.3";

    [ModuleInitializer]
    public static void Set() => Environment.SetEnvironmentVariable(Variable, Seconds);
}
