using System.Diagnostics;
using System.Runtime.InteropServices;
using OmniTools.Mcp.Commands;

namespace OmniTools.Mcp.Tests;

public sealed class EndSignalsTests
{
    [Fact]
    public void Of_Windows_HasCtrlBreakAndTheClosedWindowToo()
    {
        Assert.Equal([PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTERM],
            EndSignals.Of(isWindows: true));
        Assert.Equal([PosixSignal.SIGINT, PosixSignal.SIGTERM], EndSignals.Of(isWindows: false));
    }

    [Fact]
    public async Task Serve_CtrlBreak_EndsInGoodOrder()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Only Windows has Ctrl+Break.");
        using var folder = new TemporaryFolder();
        using var server = ServerProcess.Start(folder.Path);
        await server.GreetAsync();
        var clock = Stopwatch.StartNew();
        Assert.SkipUnless(GenerateConsoleCtrlEvent(1, (uint)server.Process.Id),
            "There is no console here to press Ctrl+Break in.");
        await server.EndAsync();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(0, server.ExitCode);
    }

#pragma warning disable SYSLIB1054 // A generated import would need unsafe code.
    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GenerateConsoleCtrlEvent(uint controlEvent, uint processGroup);
#pragma warning restore SYSLIB1054
}
