using System.Diagnostics;

namespace OmniTools.Storage.Tests;

/// <summary>A read-only view of a folder: a bind mount, which ends with it.</summary>
internal sealed class ReadOnlyDisk : IDisposable
{
    private readonly TemporaryFolder mountPoint = new();

    public ReadOnlyDisk(string folder)
    {
        Run("mount", "--bind", folder, mountPoint["."]);
        Run("mount", "-o", "remount,ro,bind", mountPoint["."]);
    }

    public static bool IsPossible { get; } = OperatingSystem.IsLinux() && CanMount();

    public string Path(string name) => mountPoint[name];

    public void Dispose()
    {
        Run("umount", "--lazy", mountPoint["."]);
        mountPoint.Dispose();
    }

    private static bool CanMount()
    {
        try
        {
            using var folder = new TemporaryFolder();
            new ReadOnlyDisk(folder["."]).Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors}");
    }
}
