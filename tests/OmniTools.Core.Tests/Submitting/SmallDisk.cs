using System.Diagnostics;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// Runs commands while a folder lies on a disk of a few kilobytes, in a mount namespace that goes away with them.
/// </summary>
internal static class SmallDisk
{
    /// <summary>Whether this machine lets us mount one.</summary>
    public static bool IsPossible { get; } = OperatingSystem.IsLinux() && Start("mount -t tmpfs none /mnt").Wait() == 0;

    /// <summary>Every line the commands wrote to stdout.</summary>
    public static Task<IReadOnlyList<string>> RunAsync(string folder, int kilobytes, params string[] commands) =>
        ReadAsync(Start($"mount -t tmpfs -o size={kilobytes}k none '{folder}'; " + string.Join("; ", commands)));

    /// <summary>Every line that commands of the shell wrote to stdout, on the disk as it is.</summary>
    public static Task<IReadOnlyList<string>> ShellAsync(string commands) =>
        ReadAsync(Process.Start(new ProcessStartInfo("sh", ["-c", commands])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    private static async Task<IReadOnlyList<string>> ReadAsync(Process started)
    {
        using var process = started;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Process Start(string script)
    {
        var start = new ProcessStartInfo("unshare") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--map-root-user", "--mount", "sh", "-c", script })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static int Wait(this Process process)
    {
        using (process)
        {
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
