using FsCheck;
using FsCheck.Fluent;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.Storage;
using OmniTools.Storage.Postgres;
using OmniTools.Storage.Sql;
using OmniTools.VideoTasks;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace OmniTools.Core.Tests.Submitting;

/// <summary>
/// The headline promise, over random sequences of faults and of what users do about them, over real sockets: every clip
/// the server sold is a task the ledger knows or an intent it reports as unknown, and no request key was sold twice:
/// not by another account at another address either.
/// </summary>
public sealed class NeverPayTwiceTests(PostgresFixture postgres)
{
    /// <summary>How long the provider's reads can be behind its sales.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(1);

    // Three thousand in all; fewer only where every mutant of the code runs them again.
    private static readonly int Sequences =
        int.TryParse(Environment.GetEnvironmentVariable("OMNI_TEST_SEQUENCES"), out var count) ? count : 1000;

    /// <summary>
    /// What happens next: a misbehaviour of the server for the requests to come, or an action of the user.
    /// </summary>
    public enum Step
    {
        Submit, SubmitSameKeyAgain, SubmitSameContentAgain, SubmitForced, AskByKey, AskForAll, NewProcess,
        MoveToOtherAccount, LoseAllAnswers,
        ResetBefore, ResetAfter, Refused500, Sold500, Sold502, Busy503, TooMany429, NoBalance402, Moderated422,
        Unauthorized401,
        Malformed, SoldAndMalformed, RequestTimeout408, Conflict409AfterSale, Redirected,
        ReadsLag, MinutesPass,
        ReadReset, Read500, Read503, ReadMalformed,
    }

    [Theory]
    [InlineData(Contract.ToApis, true)]
    // Also where the provider ignores its own keys: it is asked before anything is sent again.
    [InlineData(Contract.ToApis, false)]
    [InlineData(Contract.ApiMart, true)]
    public async Task No_sequence_of_faults_buys_twice_or_loses_a_clip(Contract contract, bool honoursKeys)
    {
        var clock = new TestTimeProvider { AutoAdvance = true };
        await using var server = await LoopbackProvider.StartAsync(contract, clock);
        await using var other = await LoopbackProvider.StartAsync(contract, clock);
        server.HonoursKeys = other.HonoursKeys = honoursKeys;
        Prop.ForAll(ArbMap.Default.ArbFor<Step[]>(),
            steps => new FaultSequence(server, other, clock, LedgerStores.Open).Play(steps).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(24));
    }

    [Theory, BothContracts]
    public async Task No_sequence_of_faults_buys_twice_or_loses_a_clip_in_a_shared_ledger(Contract contract)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var address = await (await postgres.Server.Value).CreateDatabaseAsync();
        var clock = new TestTimeProvider { AutoAdvance = true };
        await using var server = await LoopbackProvider.StartAsync(contract, clock);
        await using var other = await LoopbackProvider.StartAsync(contract, clock);
        Prop.ForAll(ArbMap.Default.ArbFor<Step[]>(), steps => PlayAsync(steps).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences / 10).WithEndSize(24));

        async Task PlayAsync(Step[] steps)
        {
            await new FaultSequence(server, other, clock,
                (_, _) => new SqlLedgerStore(Connect(), "here", isSandbox: false)).Play(steps);
            await using var database = Connect();
            await using var session = await database.OpenAsync(isWrite: true, default);
            await session.ExecuteAsync("TRUNCATE omni_request, omni_event");
            await session.CommitAsync();
        }

        // The server's clock shows what the test's clock shows.
        PostgresDatabase Connect() =>
            new(PostgresAddress.Parse(address), () => clock.GetUtcNow() - TimeProvider.System.GetUtcNow());
    }

    private sealed class FaultSequence(
        LoopbackProvider server, LoopbackProvider other, TestTimeProvider clock,
        Func<OmniSettings, TimeProvider, ILedgerStore> openLedger)
    {
        private readonly HashSet<string> keys = [];
        private readonly string name = Guid.NewGuid().ToString("N");
        private LoopbackProvider? moved;
        private OmniClient? client;
        private int count;

        private LoopbackProvider Here => moved ?? server;

        private string Key => $"{name}-{count}";

        public async Task Play(IReadOnlyList<Step> steps)
        {
            using var home = new TemporaryFolder();
            client = Open(home);
            foreach (var step in steps)
            {
                switch (step)
                {
                    case Step.Submit: count++; await Submit(Key); break;
                    case Step.SubmitSameKeyAgain: await Submit(Key); break;
                    case Step.SubmitSameContentAgain: await Submit(null); break;
                    case Step.SubmitForced: await Submit(null, force: true); break;
                    case Step.AskByKey: await Tolerate(() => client.GetTaskAsync(Key)); break;
                    case Step.AskForAll:
                        foreach (var task in client.ListTasks()
                        .ToList()) await Tolerate(() => client.GetTaskAsync(task.Reference)); break;
                    case Step.NewProcess: await client.DisposeAsync(); client = Open(home); break;
                    case Step.MoveToOtherAccount:
                        await client.DisposeAsync(); moved =
                        moved is null ? other : null; client = Open(home); break;
                    case Step.LoseAllAnswers:
                        Here.Next(RequestKind.Post,
                            [.. Enumerable.Repeat(Fault.ResetAfterAccepting, HttpConstants.MaximumAttempts)]);
                        Here.Next(RequestKind.Get,
                            [.. Enumerable.Repeat(Fault.Status(500), HttpConstants.MaximumAttempts)]);
                        break;
                    // A provider that ignores its keys and reads from a copy that is behind could sell twice: nothing
                    // can tell it from one that has no task. README says so.
                    case Step.ReadsLag: server.ReadLag = other.ReadLag = Here.HonoursKeys ? Lag : TimeSpan.Zero; break;
                    case Step.MinutesPass: clock.Advance(LedgerConstants.ReadDelay + Lag); break;
                    case >= Step.ReadReset: Here.Next(RequestKind.Get, Read(step)); break;
                    default: Here.Next(RequestKind.Post, Post(step)); break;
                }
            }
            await client.DisposeAsync();
            await using var later = Open(home);
            var known = later.ListTasks().ToList();
            var mine = server.Tasks.Concat(other.Tasks)
                .Where(task => keys.Contains(task.Key!) || known.Any(each => each.RequestKey == task.Key)).ToList();
            foreach (var sold in mine)
            {
                var task = Assert.Single(known, each => each.RequestKey == sold.Key);
                Assert.True(task.Id == sold.Id || task.Status == VideoTaskStatus.Unknown,
                    $"{sold.Key} was sold as {sold.Id} and the ledger says {task.Status} {task.Id}");
            }
            Assert.All(mine.GroupBy(task => task.Key), group => Assert.Single(group));
            Assert.All(known.Where(task => task.Id is not null),
                task => Assert.Contains(mine, sold => sold.Id == task.Id));
            Assert.All(known.Where(task => task.Charged == Charged.No),
                task => Assert.DoesNotContain(mine, sold => sold.Key == task.RequestKey));
            server.Forget();
            other.Forget();
            server.ReadLag = other.ReadLag = TimeSpan.Zero;
        }

        private OmniClient Open(TemporaryFolder home) => new(TestSettings.For(home, Here), TestSettings.Options with
        {
            LedgerFactory = openLedger,
            TimeProvider = clock,
            Randomizer = () => 0.5,
        });

        private async Task Submit(string? key, bool force = false)
        {
            if (key is not null)
                keys.Add(key);
            await Tolerate(() => client!.SubmitAsync(new VideoRequest { Prompt = $"{name} {count}", RequestKey = key },
                new() { AllowDuplicate = force }));
        }

        // Whoever is told that nothing was billed must be able to believe it.
        private async Task Tolerate(Func<Task<VideoTask>> call)
        {
            try
            {
                await call();
            }
            catch (OmniException failure)
            {
                if (failure.Charged == Charged.No && failure.RequestKey is { } key)
                    Assert.DoesNotContain(server.Tasks.Concat(other.Tasks), sold => sold.Key == key);
            }
        }

        private static Fault Post(Step step) => step switch
        {
            Step.ResetBefore => Fault.ResetBeforeAccepting,
            Step.ResetAfter => Fault.ResetAfterAccepting,
            Step.Refused500 => Fault.Status(500),
            Step.Sold500 => Fault.StatusAfterAccepting(500),
            Step.Sold502 => Fault.StatusAfterAccepting(502, "<html>"),
            Step.Busy503 => Fault.Status(503, "", ("Retry-After", "1")),
            Step.TooMany429 => Fault.Status(429, "", ("Retry-After", "200")),
            Step.NoBalance402 =>
                Fault.Status(402, """{"error":{"code":402,"message":"no","type":"payment_required"}}"""),
            Step.Moderated422 => Fault.Status(422),
            Step.Unauthorized401 => Fault.Status(401),
            Step.Malformed => Fault.Status(200, "{\"id\": \"vid"),
            Step.SoldAndMalformed => Fault.MalformedJson,
            Step.RequestTimeout408 => Fault.Status(408),
            Step.Conflict409AfterSale => Fault.StatusAfterAccepting(409),
            Step.Redirected => Fault.Redirect("https://elsewhere.example/"),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };

        private static Fault Read(Step step) => step switch
        {
            Step.ReadReset => Fault.ResetAfterAccepting,
            Step.Read500 => Fault.Status(500),
            Step.Read503 => Fault.Status(503),
            _ => Fault.MalformedJson,
        };
    }
}
