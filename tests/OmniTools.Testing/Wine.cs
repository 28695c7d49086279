using System.Runtime.InteropServices;

namespace OmniTools.Testing;

/// <summary>Tells Wine from Windows, for the few things that only Windows does.</summary>
public static class Wine
{
    /// <summary>Whether this process is a Windows program that Wine runs.</summary>
    public static bool IsPresent { get; } = OperatingSystem.IsWindows() && NativeLibrary.TryLoad("ntdll.dll", out var ntdll)
        && NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _);
}
