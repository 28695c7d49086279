using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.Sqlite;
using Npgsql;
using OmniTools.Errors;
using OmniTools.Storage.Postgres;
using OmniTools.Storage.Sql;
using OmniTools.Storage.Sqlite;
using OmniTools.VideoTasks;

namespace OmniTools.Storage.Tests;

/// <summary>What each failure of a ledger says, and the next step it gives.</summary>
public sealed class LedgerErrorsTests
{
    private const string Rest =
        "; without the ledger nothing is bought, and clips that are paid for can still be saved by task id and "
        + "provider";

    [Theory]
    [InlineData(26, "is not a database", "Move the file away, or set OMNI_HOME to another folder")]
    [InlineData(11, "is damaged", "Stop all OmniTools programs, then rescue it: sqlite3 \"/home/me/ledger.db\" "
        + ".recover | sqlite3 recovered.db, and put recovered.db in its place")]
    [InlineData(13, "cannot be written: the disk is full", "Free some space on the disk")]
    [InlineData(8, "cannot be written: it is read-only",
        "Make the file and its folder writable for you, or set OMNI_HOME to another folder")]
    [InlineData(3, "cannot be written: it is read-only",
        "Make the file and its folder writable for you, or set OMNI_HOME to another folder")]
    [InlineData(23, "cannot be written: it is read-only",
        "Make the file and its folder writable for you, or set OMNI_HOME to another folder")]
    [InlineData(14, "cannot be opened",
        "Make the file and its folder readable and writable for you, or set OMNI_HOME to another folder")]
    [InlineData(5, "is in use by another program", "Close the program that holds it, a database browser for example")]
    [InlineData(6, "is in use by another program", "Close the program that holds it, a database browser for example")]
    [InlineData(10, "cannot be used: it failed",
        "Make its folder readable and writable with room on its disk, or set OMNI_HOME to another folder")]
    public void ExplainSqlite_EachCode_SaysWhatHappenedAndTheWayOut(int code, string what, string step)
    {
        var failure = new SqliteException("it failed.", code);
        var error = new SqliteDatabase("/home/me/ledger.db", TimeProvider.System).Explain(failure, Charged.Unknown);
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_HOME", "/home/me/ledger.db", Charged.Unknown),
            (error.Kind, error.Field, error.Received, error.Charged));
        Assert.Equal(("The ledger " + what, step + Rest), (error.Summary, error.NextStep));
        Assert.Same(failure, error.InnerException);
    }

    [Theory]
    [InlineData("28P01", "refuses the role omni or its password",
        "Correct the user in OMNI_LEDGER, and the password in PGPASSWORD, the password file or OMNI_LEDGER")]
    [InlineData("28000", "refuses the role omni or its password",
        "Correct the user in OMNI_LEDGER, and the password in PGPASSWORD, the password file or OMNI_LEDGER")]
    [InlineData("3D000", "has no such database", "Create the database, or correct its name in OMNI_LEDGER")]
    [InlineData("53300", "has no connection left", "Wait, or raise max_connections")]
    [InlineData("53100", "has no room left", "Make room on the server")]
    [InlineData("53200", "has no room left", "Make room on the server")]
    [InlineData("25006", "is a read-only replica", "Name the primary server in OMNI_LEDGER")]
    [InlineData("55P03", "is busy: another OmniTools has held the ledger for 30 s", "Try again")]
    [InlineData("42P01", "answered: it failed (42P01)", "See the server's log")]
    public async Task ExplainPostgres_EachAnswer_SaysWhatHappenedAndTheWayOut(string state, string what, string step)
    {
        await using var database = Database("omni");
        var error = database.Explain(Refusal(state), Charged.No);
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_LEDGER", "PostgreSQL db:5432/ledger", Charged.No),
            (error.Kind, error.Field, error.Received, error.Charged));
        Assert.Equal(("The ledger's server " + what, step + Rest), (error.Summary, error.NextStep));
    }

    [Fact]
    public async Task ExplainPostgres_RoleWithoutRights_GivesTheScriptToRun()
    {
        await using var database = Database("omni");
        var error = database.Explain(Refusal("42501"), Charged.No);
        Assert.Equal("The ledger's server does not let this role do that", error.Summary);
        Assert.Equal("Let the owner of the database run the SQL below, and grant the role SELECT, INSERT, UPDATE and "
            + $"DELETE on its tables{Rest}:\n{new Migrations(database).WriteScript().TrimEnd()}", error.NextStep);
    }

    [Fact]
    public async Task ExplainPostgres_NoUserNamed_SpeaksOfTheUsersOwnRole()
    {
        await using var database = Database(null);
        Assert.Equal("The ledger's server refuses the role of this user or its password",
            database.Explain(Refusal("28P01"), Charged.No).Summary);
    }

    [Fact]
    public async Task ExplainPostgres_NoAnswer_SaysWhyItCannotBeReached()
    {
        await using var database = Database("omni");
        var socket = new SocketException((int)SocketError.ConnectionRefused);
        AssertError(new NpgsqlException("x", socket), $"cannot be reached ({socket.Message})",
            "Start the server, or correct OMNI_LEDGER");
        AssertError(new NpgsqlException("x", new AuthenticationException("y")),
            "has no certificate that can be verified",
            "Name its certificate authority with sslrootcert in OMNI_LEDGER");
        AssertError(new TimeoutException("it took too long"), "cannot be used: it took too long",
            "Check the server and OMNI_LEDGER");

        void AssertError(Exception failure, string what, string step)
        {
            var error = database.Explain(failure, Charged.No);
            Assert.Equal(("The ledger's server " + what, step + Rest), (error.Summary, error.NextStep));
        }
    }

    [Fact]
    public void LeaseLost_MayHaveBeenBilled()
    {
        var error = LedgerErrors.LeaseLost(
            new() { RequestKey = "k1", Provider = "toapis", Status = VideoTaskStatus.Submitting, CreatedAt = Noon });
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.Unknown, "toapis", "k1"),
            (error.Kind, error.Charged, error.Provider, error.RequestKey));
        Assert.Equal("This machine was away for so long that another one took over the request. It may have been "
            + "billed. Ask for the task by its request key 'k1'.", error.Message);
    }

    [Fact]
    public async Task TooOld_NamesBothVersions()
    {
        await using var database = Database("omni");
        var error = LedgerErrors.TooOld(database, 7, 3);
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (error.Kind, error.Charged));
        Assert.Equal("A newer OmniTools has changed this ledger, and this one cannot count its purchases against your "
            + "limits. Field: OMNI_LEDGER or OMNI_HOME. Received: PostgreSQL db:5432/ledger. Allowed: an OmniTools "
            + "with ledger version 7 or later; this one has 3. Nothing was sent or billed. Update OmniTools; clips can "
            + "still be waited for and saved.", error.Message);
    }

    [Theory]
    [InlineData("57P01", true)]
    [InlineData("57P02", true)]
    [InlineData("57P03", false)]
    [InlineData("40001", false)]
    public async Task IsTransient_ServersAnswer_OnlyWhereItShutsDown(string state, bool isTransient)
    {
        await using var database = Database("omni");
        Assert.Equal(isTransient, database.IsTransient(Refusal(state)));
        Assert.True(database.IsTransient(new NpgsqlException("x", new IOException("broken"))));
        Assert.False(database.IsTransient(new NpgsqlException("x")));
        Assert.False(database.IsTransient(new IOException("broken")));
        Assert.False(new SqliteDatabase("/home/me/ledger.db", TimeProvider.System)
            .IsTransient(new SqliteException("busy", 5)));
    }

    [Fact]
    public async Task Warnings_NetworkDrive_SayWhatIsSlowerAndWhatHelps()
    {
        using var folder = new TemporaryFolder();
        await using var database = new SqliteDatabase(folder["ledger.db"], TimeProvider.System, isOnNetwork: true);
        await using (await database.OpenAsync(isWrite: false, default))
        {
            Assert.Equal([$"{folder["ledger.db"]} is on a drive where SQLite cannot use its write-ahead log: the "
                + "ledger works, more slowly, and only for one machine at a time. Set OMNI_LEDGER to share a ledger "
                + "between machines."], database.Warnings);
        }
    }

    private static PostgresException Refusal(string state) => new("it failed", "ERROR", "ERROR", state);

    private static PostgresDatabase Database(string? user) => new(PostgresAddress.Parse(
        "Host=db;Database=ledger" + (user is null ? "" : $";Username={user}")));
}
