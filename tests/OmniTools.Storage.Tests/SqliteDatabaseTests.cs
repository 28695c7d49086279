using Microsoft.Data.Sqlite;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Storage.Sql;
using OmniTools.Storage.Sqlite;
using static OmniTools.Storage.Tests.Samples;

namespace OmniTools.Storage.Tests;

/// <summary>What holds for the ledger in a file.</summary>
public sealed class SqliteDatabaseTests : IAsyncDisposable
{
    private readonly SqliteLedgerFixture fixture = new();

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task OpenAsync_NewLedger_IsTheUsersOwnAndSyncsEveryCommit()
    {
        await using var lease = await fixture.Store.BeginAsync("k1");
        foreach (var file in new[] { fixture.Path, fixture.Path + "-wal", fixture.Path + "-shm",
            Directory.GetFiles(fixture.Folder["home/ledger.locks"]).Single() })
        {
            if (OperatingSystem.IsWindows())
                Assert.True(WindowsAccess.IsPrivate(file), file);
            else
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        await using var database = fixture.Connect();
        await using var session = await database.OpenAsync(isWrite: false, default);
        Assert.Equal(["wal"], await session.QueryAsync("PRAGMA journal_mode", row => row.GetString(0)));
        Assert.Equal([2], await session.QueryAsync("PRAGMA synchronous", row => row.GetInt32(0)));
        Assert.Equal([1], await session.QueryAsync("PRAGMA foreign_keys", row => row.GetInt32(0)));
    }

    [Fact]
    public async Task OpenAsync_NetworkDrive_UsesTheRollbackJournalAndWarnsWithEachList()
    {
        await using var store = new SqlLedgerStore(
            new SqliteDatabase(fixture.Path, fixture.Clock, isOnNetwork: true), "here", false);
        await store.AcceptAsync("k1", "id-1");
        var page = await store.ListAsync(new(), default);
        Assert.Equal("k1", page.Tasks.Single().RequestKey);
        Assert.Contains("Set OMNI_LEDGER", page.Warnings.Single(), StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.Path + "-wal"));
    }

    [Fact]
    public async Task TryBeginAsync_ReadOnlyFileSystem_BuysNothingAndSaysWhatToDo()
    {
        Assert.SkipUnless(ReadOnlyDisk.IsPossible, "Only root can mount a file system.");
        await fixture.Store.AcceptAsync("k1", "id-1");
        using var disk = new ReadOnlyDisk(fixture.Folder["home"]);
        await using var store =
            new SqlLedgerStore(new SqliteDatabase(disk.Path("ledger.db"), fixture.Clock), "here", false);
        var error = await Assert.ThrowsAsync<OmniException>(() => store.BeginAsync("k2"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No), (error.Kind, error.Charged));
        Assert.Contains("OMNI_HOME", error.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public async Task GetDayAsync_ClockBehindTheNewestAttempt_CountsThatDay(int minutes, bool isBehind)
    {
        fixture.Advance(TimeSpan.FromDays(1));
        await fixture.Store.AcceptAsync("k1", "id-1");
        var newest = fixture.Clock.GetUtcNow();
        await using var store =
            new SqlLedgerStore(new SqliteDatabase(fixture.Path, new TestTimeProvider(newest.AddMinutes(-minutes))),
                "here",
            false);
        var day = await store.GetDayAsync(null, default);
        Assert.Equal((newest, isBehind, true), (day.Now, day.IsClockBehind, day.IsCounted("k1")));
    }

    [Fact]
    public async Task OpenAsync_PathLongerThan260Characters_Works()
    {
        var path = Path.Combine(fixture.Folder.Path, new('a', 130), new('b', 130), "ledger.db");
        await using (var store = new SqlLedgerStore(new SqliteDatabase(path, fixture.Clock), "here", false))
            await store.AcceptAsync("k1", "id-1");
        await using var again = new SqlLedgerStore(new SqliteDatabase(path, fixture.Clock), "here", false);
        Assert.Equal("k1", await again.KeysAsync());
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task LockFile_IsGoneAfterTheSubmission_AndNoOtherFileIsTouched()
    {
        var folder = fixture.Folder["home/ledger.locks"];
        var locks = new LockFiles(folder);
        var name = Guid.NewGuid().ToString("N");
        using (locks.Hold(name))
            Assert.False(new LockFiles(folder).IsAbandoned(name));
        Assert.Empty(Directory.GetFiles(folder));
        Assert.True(new LockFiles(folder).IsAbandoned(name));

        var other = fixture.Folder.Write("home/other", []);
        Assert.True(locks.IsAbandoned("../other"));
        Assert.True(locks.IsAbandoned(null));
        Assert.True(File.Exists(other));
        // A process that was killed leaves its file behind.
        var left = fixture.Folder.Write("home/ledger.locks/" + name, []);
        Assert.True(new LockFiles(folder).IsAbandoned(name));
        Assert.False(File.Exists(left));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task LockFile_OfABatch_IsGoneWhenItIsNotTakenAndWhenItsLeaseEnds()
    {
        var (lease, _) = await fixture.Store.Batches.TakeAsync("shots", TimeSpan.FromMinutes(1), default);
        Assert.Null((await fixture.Open().Batches.TakeAsync("shots", TimeSpan.FromMinutes(1), default)).Lease);
        Assert.Single(Directory.GetFiles(fixture.Folder["home/ledger.locks"]));
        await lease!.DisposeAsync();
        Assert.Empty(Directory.GetFiles(fixture.Folder["home/ledger.locks"]));
    }

    [Fact]
    public async Task SelectAsync_OutcomeRecordedBetweenTheQueryAndTheLookAtTheLockFile_IsNotCalledUnknown()
    {
        await using var lease = await fixture.Store.BeginAsync("k1");
        await using var database = new EagerTimeDatabase(fixture.Path, new CallbackTimeProvider(() =>
        {
            // The query has its snapshot: what is recorded now, it does not see.
            fixture.Store.ApplyAsync("k1", Report("id-1")).GetAwaiter().GetResult();
            lease.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }));
        await using var store = new SqlLedgerStore(database, "here", false);
        Assert.Equal("id-1", (await store.GetAsync("k1")).Task.Id);
    }

    [Fact]
    public async Task UpdateAsync_FileDeletedMeanwhile_WritesToANewFileAndNotToTheDeletedOne()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not delete a ledger that is open.");
        await fixture.Store.AcceptAsync("k1", "id-1");
        foreach (var file in Directory.GetFiles(fixture.Folder["home"]))
            File.Delete(file);
        var error = await Record.ExceptionAsync(() => fixture.Store.AcceptAsync("k2", "id-2"));
        Assert.Null(error);
        Assert.Equal("k2", await fixture.Open().KeysAsync());
    }

    [Theory]
    [InlineData("this is no database, and long enough that nobody can take it for an empty one, as SQLite does",
        "is not a database")]
    [InlineData(null, "is damaged")]
    public async Task OpenAsync_UnusableFile_IsNamedWithTheWayOut_AndNothingIsBought(string? content, string what)
    {
        if (content is not null)
        {
            fixture.Folder.Write("home/ledger.db",
                [.. Enumerable.Repeat(System.Text.Encoding.UTF8.GetBytes(content), 20).SelectMany(bytes => bytes)]);
        }
        else
        {
            await using (var store = fixture.Open())
                await store.AcceptAsync("k1", "id-1");
            var bytes = await File.ReadAllBytesAsync(fixture.Path);
            Array.Fill(bytes, (byte)0x55, 4096, bytes.Length - 4096);
            await File.WriteAllBytesAsync(fixture.Path, bytes);
        }
        var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Open().BeginAsync("k2"));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_HOME", fixture.Path, Charged.No),
            (error.Kind, error.Field, error.Received, error.Charged));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(content is null ? ".recover" : "Move the file away", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_FolderThatCannotBeMade_IsNamed()
    {
        fixture.Folder.Write("home", [1]);
        var error = await Assert.ThrowsAsync<OmniException>(() => fixture.Store.ListAsync(new(), default));
        Assert.Equal((OmniErrorKind.LedgerUnavailable, fixture.Path), (error.Kind, error.Received));
        File.Delete(fixture.Folder["home"]);
        Directory.CreateDirectory(fixture.Path);
        Assert.Contains("cannot be",
            (await Assert.ThrowsAsync<OmniException>(() => fixture.Store.ListAsync(new(), default))).Message,
            StringComparison.Ordinal);
        Directory.Delete(fixture.Path);
        Assert.Equal("", await fixture.Store.KeysAsync());
    }

    [Theory]
    [InlineData(13, "the disk is full")]
    [InlineData(8, "read-only")]
    [InlineData(14, "cannot be opened")]
    [InlineData(5, "in use by another program")]
    [InlineData(10, "cannot be used: disk I/O error")]
    public void Explain_SqliteError_SaysWhatHappened(int code, string what)
    {
        var error = fixture.Connect().Explain(new SqliteException("disk I/O error", code), Charged.Unknown);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("saved", error.NextStep, StringComparison.Ordinal);
        Assert.Equal(Charged.Unknown, error.Charged);
    }

    [Fact]
    public async Task OpenAsync_ProcessKilledInsideATransaction_LeavesACompleteLedgerAndNoLock()
    {
        await fixture.Store.AcceptAsync("k1", "id-1");
        using (var child = ChildProcess.Run("hold-ledger", fixture.Path))
        {
            Assert.Equal("written", await child.ReadLineAsync());
            await child.KillAsync();
        }
        await fixture.Store.AcceptAsync("k2", "id-2");
        await using var database = fixture.Connect();
        await using var session = await database.OpenAsync(isWrite: false, default);
        Assert.Equal(["ok"], await session.QueryAsync("PRAGMA integrity_check", row => row.GetString(0)));
        Assert.Equal("k2 k1", await fixture.Open().KeysAsync());
    }

    [Fact]
    public async Task ListAsync_AnotherProcessIsWriting_DoesNotWaitForIt()
    {
        await using var fixture = new SqliteLedgerFixture();
        await fixture.Store.AcceptAsync("k1", "id-1");
        await using var other = fixture.Connect();
        await using var writing = await other.OpenAsync(isWrite: true, default);
        Assert.Equal("k1", await fixture.Store.KeysAsync());
        Assert.Equal("k1", (await fixture.Store.FindAsync("id-1", null, default))!.Task.RequestKey);
    }

    /// <summary>Acts once when it is read.</summary>
    private sealed class CallbackTimeProvider(Action act) : TimeProvider
    {
        private Action? act = act;

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Exchange(ref act, null)?.Invoke();
            return Noon;
        }
    }

    /// <summary>Has the time read before the lock file is looked at.</summary>
    private sealed class EagerTimeDatabase(string path, TimeProvider timeProvider) : SqliteDatabase(path, timeProvider)
    {
        public override string IsAbandoned => $"{Now} > 0 AND {base.IsAbandoned}";
    }
}
