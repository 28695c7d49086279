namespace OmniTools.Testing;

/// <summary>How the programs beside the tests are started.</summary>
public static class TestProgram
{
    // A test run that was published with its own runtime, for Windows under Wine for example, has no dotnet to start others with.
    private static readonly bool HasOwnRuntime =
        File.Exists(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "coreclr.dll" : "libcoreclr.so"));

    /// <summary>The command for an assembly, and the arguments it needs before its own.</summary>
    public static (string Command, IReadOnlyList<string> Arguments) Of(string assembly) => HasOwnRuntime
        ? (Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null), [])
        : ("dotnet", [assembly]);
}
