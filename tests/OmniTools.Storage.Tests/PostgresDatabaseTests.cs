using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Ledger;
using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

/// <summary>What holds for the ledger on a server.</summary>
public sealed class PostgresDatabaseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task TryBeginAsync_MachineWhoseClockIsADayOff_CountsTheServersDay()
    {
        var server = await postgres.GetAsync();
        var settings = new OmniSettings
        {
            Home = "/nowhere",
            OutputRoot = "/nowhere",
            Ledger = new(await server.CreateDatabaseAsync()),
        };
        await using var right = LedgerStores.Open(settings, TimeProvider.System);
        await using var wrong =
            LedgerStores.Open(settings, new TestTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1)));
        var (mine, theirs) = (await right.AcceptAsync("k1", "id-1"), await wrong.AcceptAsync("k2", "id-2"));
        Assert.Equal(mine.CountedDay, theirs.CountedDay);
        Assert.InRange(theirs.FirstSentAt - mine.FirstSentAt, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await wrong.GetDayAsync(null, default)).Requests.Count);
        Assert.False((await right.GetDayAsync(null, default)).IsClockBehind);
    }

    [Fact]
    public async Task RenewAsync_LongSubmission_IsNotTakenForAbandoned()
    {
        await using var fixture = new PostgresLedgerFixture(await (await postgres.GetAsync()).CreateDatabaseAsync());
        await using var lease = await fixture.Store.BeginAsync("k1");
        for (var i = 0; i < 3; i++)
        {
            fixture.Advance(TimeSpan.FromSeconds(90));
            await lease.RenewAsync(default);
        }
        Assert.Equal(LedgerState.Intended, (await fixture.Open("there").GetAsync("k1")).State);
        fixture.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(LedgerState.Unknown, (await fixture.Open("there").GetAsync("k1")).State);
    }

    [Fact]
    public async Task UpdateAsync_ConnectionsBroken_AreMadeAgain()
    {
        var server = await postgres.GetAsync();
        var address = await server.CreateDatabaseAsync();
        await using var fixture = new PostgresLedgerFixture(address);
        await using var lease = await fixture.Store.BeginAsync("k1");
        await BreakConnectionsAsync();
        Assert.Equal("id-1", (await fixture.Store.ApplyAsync("k1", Report("id-1")))!.Task.Id);
        await BreakConnectionsAsync();
        await using var second = await fixture.Store.BeginAsync("k2");
        Assert.Equal("k2 k1", await fixture.Store.KeysAsync());

        // Only those of this database: other tests use the same server at the same time.
        Task BreakConnectionsAsync() => server.QueryAsync(address[(address.LastIndexOf('/') + 1)..],
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                + "WHERE datname = current_database() AND application_name = 'OmniTools'");
    }

    [Fact]
    public async Task TryBeginAsync_ConnectionBrokenAtEachCommit_IsTriedThreeTimes()
    {
        var server = await postgres.GetAsync();
        var address = await server.CreateDatabaseAsync();
        await using var fixture = new PostgresLedgerFixture(address);
        await fixture.Store.KeysAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        // The sequence counts each commit that is tried: a rollback does not take its numbers back.
        await server.QueryAsync(database,
            """
            CREATE SEQUENCE commits;
            CREATE FUNCTION break_connection() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM nextval('commits');
                PERFORM pg_terminate_backend(pg_backend_pid());
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER break_at_commit AFTER INSERT ON omni_request
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION break_connection();
            """);
        var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Store.BeginAsync("k1"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (error.Kind, error.Charged));
        Assert.Equal("4", await server.QueryAsync(database, "SELECT nextval('commits')"));
    }

    [Fact]
    public async Task Errors_SayWhatIsWrongAndNeverThePassword()
    {
        var server = await postgres.GetAsync();
        await server.QueryAsync("postgres", "CREATE ROLE guest LOGIN PASSWORD 'guest'");
        await server.QueryAsync("postgres", "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        await Fails(server.Address("postgres", password: "wr0ng-Pa55"), "refuses the role omni or its password",
            "PGPASSWORD");
        await Fails(server.Address("nothing"), "has no such database", "Create the database");
        await Fails(server.Address("postgres", "guest", "guest"), "does not let this role do that",
            "CREATE TABLE omni_request");
        await Fails(server.Address("postgres")
            .Replace(FormattableString.Invariant($":{server.Port}/"), ":1/", StringComparison.Ordinal),
            "cannot be reached", "Start the server");
        await Fails(server.Address("postgres") + "?sslmode=verify-full", "", "");

        static async Task Fails(string address, string what, string nextStep)
        {
            var settings = new OmniSettings { Home = "/nowhere", OutputRoot = "/nowhere", Ledger = new(address) };
            await using var store = LedgerStores.Open(settings, TimeProvider.System);
            var error = await Assert.ThrowsAsync<OmniException>(() => store.BeginAsync("k1"));
            Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_LEDGER", Charged.No),
                (error.Kind, error.Field, error.Charged));
            Assert.StartsWith("PostgreSQL 127.0.0.1:", error.Received, StringComparison.Ordinal);
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
            Assert.Contains(nextStep, error.NextStep, StringComparison.Ordinal);
            foreach (var text in new[] { error.ToString(), settings.ToString(), store.Location })
            {
                Assert.DoesNotContain("Pa55", text, StringComparison.Ordinal);
                Assert.DoesNotContain(Uri.EscapeDataString(PostgresServer.Password), text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task UpdateAsync_ServerAway_SaysSo_AndWorksAgainWhenItIsBack()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartAsync();
        await using var fixture = new PostgresLedgerFixture(await server.CreateDatabaseAsync());
        await using var lease = await fixture.Store.BeginAsync("k1");
        await server.StopAsync();
        Assert.Equal(Charged.Unknown,
            (await Assert.ThrowsAsync<OmniException>(() => fixture.Store.ApplyAsync("k1", Report("id-1")))).Charged);
        Assert.Equal(Charged.No,
            (await Assert.ThrowsAsync<OmniException>(() => fixture.Store.BeginAsync("k2"))).Charged);
        await server.StartAgainAsync();
        Assert.Equal("id-1", (await fixture.Store.ApplyAsync("k1", Report("id-1")))!.Task.Id);
        Assert.Equal("k1", await fixture.Store.KeysAsync());
    }

    [Fact]
    public async Task OpenAsync_VerifiedCertificate_IsAcceptedOnlyFromItsAuthorityAndForItsHost()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartAsync();
        var authority = await server.EnableTlsAsync();
        var verified = "?sslmode=verify-full&sslrootcert=" + Uri.EscapeDataString(authority);

        await using var fixture = new PostgresLedgerFixture(server.Address("postgres", host: "localhost") + verified);
        await fixture.Store.AcceptAsync("k1", "id-1");
        Assert.Equal("t", await server.QueryAsync("postgres",
            "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'OmniTools' LIMIT "
            + "1"));

        await RefusesAsync(server.Address("postgres", host: "localhost") + "?sslmode=verify-full");
        await RefusesAsync(server.Address("postgres") + verified);

        static async Task RefusesAsync(string address)
        {
            await using var fixture = new PostgresLedgerFixture(address);
            var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Store.BeginAsync("k2"));
            Assert.Contains("has no certificate that can be verified", error.Message, StringComparison.Ordinal);
            Assert.Contains("sslrootcert", error.NextStep, StringComparison.Ordinal);
            Assert.Equal(Charged.No, error.Charged);
        }
    }
}
