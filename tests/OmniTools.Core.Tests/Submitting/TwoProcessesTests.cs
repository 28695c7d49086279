using FsCheck;
using FsCheck.Fluent;
using OmniTools.Errors;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// The same promise with two real processes at once, over one ledger, killed at random points: every clip that the
/// server sold is a task that the ledger knows or an intent that it reports as unknown, and no request key was sold
/// twice.
/// </summary>
public sealed class TwoProcessesTests
{
    private static readonly int Sequences =
        int.TryParse(Environment.GetEnvironmentVariable("OMNI_TEST_SEQUENCES"), out var count)
        ? Math.Min(count, 40)
        : 40;

    /// <summary>What happens next.</summary>
    public enum Step
    {
        NewKey, SubmitInBoth, SubmitInBothAndKillOne, SubmitAndKill, Submit, Ask,
        ResetBefore, ResetAfter, Sold500, Refused500, TooMany429, ReadReset, Read500,
    }

    [Theory, BothContracts]
    public async Task No_sequence_of_two_processes_at_once_and_kills_buys_twice_or_loses_a_clip(Contract contract)
    {
        await using var server = await LoopbackProvider.StartAsync(contract);
        using var processes = new Processes(server);
        var steps = ArbMap.Default.ArbFor<(Step Step, byte KillAt)[]>();
        Prop.ForAll(steps, story => PlayAsync(server, processes, story).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(12));
        Assert.NotEqual(0, processes.Kills);
        Assert.NotEqual(0, server.Creates);
    }

    private static async Task PlayAsync(LoopbackProvider server, Processes processes, (Step Step, byte KillAt)[] story)
    {
        using var home = new TemporaryFolder();
        var (name, count) = (Guid.NewGuid().ToString("N"), 0);
        string Command(string verb, int killAt = 0) => $"{verb} {home["home"]} {name}-{count} {killAt}";
        foreach (var (step, at) in story)
        {
            // A submission writes about a dozen trace lines.
            var killAt = 1 + (at % 14);
            switch (step)
            {
                case Step.NewKey: count++; break;
                case Step.SubmitInBoth:
                    await Task.WhenAll(processes.RunAsync(0, Command("submit")),
                    processes.RunAsync(1, Command("submit"))); break;
                case Step.SubmitInBothAndKillOne:
                    await Task.WhenAll(processes.RunAsync(0, Command("submit", killAt)),
                    processes.RunAsync(1, Command("submit"))); break;
                case Step.SubmitAndKill: await processes.RunAsync(0, Command("submit", killAt)); break;
                case Step.Submit:
                    CheckBilling(server, $"{name}-{count}",
                    await processes.RunAsync(1, Command("submit"))); break;
                case Step.Ask:
                    CheckBilling(server, $"{name}-{count}",
                    await processes.RunAsync(0, Command("ask"))); break;
                case Step.ResetBefore: server.Next(RequestKind.Post, Fault.ResetBeforeAccepting); break;
                case Step.ResetAfter: server.Next(RequestKind.Post, Fault.ResetAfterAccepting); break;
                case Step.Sold500: server.Next(RequestKind.Post, Fault.StatusAfterAccepting(500)); break;
                case Step.Refused500: server.Next(RequestKind.Post, Fault.Status(500)); break;
                case Step.TooMany429: server.Next(RequestKind.Post, Fault.Status(429)); break;
                case Step.ReadReset: server.Next(RequestKind.Get, Fault.ResetAfterAccepting); break;
                case Step.Read500: server.Next(RequestKind.Get, Fault.Status(500)); break;
            }
        }
        server.Forget();
        await server.WhenIdleAsync();
        await using var later = new OmniClient(TestSettings.For(home, server), TestSettings.Options);
        var known = later.ListTasks().ToList();
        var sales = server.Tasks.Where(task => task.Key!.StartsWith(name, StringComparison.Ordinal)).ToList();
        Assert.All(sales.GroupBy(task => task.Key), group => Assert.Single(group));
        foreach (var sold in sales)
        {
            var task = Assert.Single(known, each => each.RequestKey == sold.Key);
            Assert.True(task.Id == sold.Id || task.Status == VideoTaskStatus.Unknown,
                $"{sold.Key} was sold as {sold.Id} and the ledger says {task.Status} {task.Id}");
            Assert.NotEqual(Charged.No, task.Charged);
        }
    }

    private static void CheckBilling(LoopbackProvider server, string key, string? answer)
    {
        if (answer?.EndsWith(" No", StringComparison.Ordinal) == true)
            Assert.DoesNotContain(server.Tasks, sold => sold.Key == key);
    }

    /// <summary>Two processes; one that was killed is started anew for its next command.</summary>
    private sealed class Processes(LoopbackProvider server) : IDisposable
    {
        private readonly ChildProcess?[] processes = new ChildProcess?[2];

        public int Kills { get; private set; }

        public async Task<string?> RunAsync(int number, string command)
        {
            if (processes[number] is null)
            {
                processes[number] = ChildProcess.Play(server);
                Assert.Equal("ready", await processes[number]!.ReadLineAsync());
            }
            var answer = await processes[number]!.RunAsync(command);
            if (answer is not null)
                return answer;
            Kills++;
            processes[number]!.Dispose();
            processes[number] = null;
            return null;
        }

        public void Dispose()
        {
            foreach (var process in processes)
                process?.Dispose();
        }
    }
}
