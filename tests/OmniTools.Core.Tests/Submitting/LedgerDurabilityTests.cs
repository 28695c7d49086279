using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// What is on disk, and not only in the system's memory, before the next step is taken: told by the calls the process
/// makes.
/// </summary>
public sealed partial class LedgerDurabilityTests
{
    [Theory, BothContracts]
    public async Task The_intent_is_on_disk_before_it_is_sent_and_the_acceptance_before_its_id_is_told(
    Contract contract)
    {
        Assert.SkipUnless(IsPossible,
            "strace, which shows a process's calls, is not found here, or may not watch processes.");
        await using var server = await LoopbackProvider.StartAsync(contract);
        // Another process has created the ledger.
        await SmallDisk.ShellAsync(ChildProcess.SubmitCommand(server, "k0", "a dog"));
        var log = server.Folder["calls"];
        var said = await SmallDisk.ShellAsync(
            $"strace -f -y -s 300 -e trace=pwrite64,fsync,fdatasync,sendmsg,sendto,write -o '{log}' "
            + $"{ChildProcess.SubmitCommand(server, "k1", "a cat")}");
        Assert.Equal([server.Tasks.Single(task => task.Key == "k1").Id], said);

        var calls = File.ReadLines(log).Select(line => Step().Match(line)).Where(match => match.Success)
            .Select(match => match.Value switch
        {
            var call when call.StartsWith('f') => "on disk",
            var call when call.StartsWith("pwrite64", StringComparison.Ordinal) => "written",
            var call when call.StartsWith("send", StringComparison.Ordinal) => "sent",
            _ => "told",
        }).ToList();
        // A transaction is written in several calls; the first one of a log also syncs the log's head.
        var steps = string.Join(' ', calls.Where((call, i) => i == 0 || call != calls[i - 1]));
        Assert.Matches("^(written on disk )+sent (written on disk )+told", steps);
    }

    private static bool IsPossible { get; } =
        OperatingSystem.IsLinux() && Runs("strace", "-e", "trace=fsync", "-o", "/dev/null", "true");

    [GeneratedRegex("""pwrite64\(\d+<[^>]*\.db-wal>|f(data)?sync\(\d+<[^>]*\.db-wal>|"""
        + """send(msg|to)\(.*?POST /|write\(\d+<[^>]*>, "(?=(video|task)_)""")]
    private static partial Regex Step();

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
