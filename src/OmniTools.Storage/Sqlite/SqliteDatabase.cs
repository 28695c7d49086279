using Microsoft.Data.Sqlite;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Storage.Sql;

namespace OmniTools.Storage.Sqlite;

/// <summary>A file on this machine: one connection, used by one caller at a time.</summary>
/// <param name="path">The file.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="isOnNetwork">Whether the file is on a network drive; null: the system is asked.</param>
internal class SqliteDatabase(string path, TimeProvider timeProvider, bool? isOnNetwork = null) : LedgerDatabase
{
    /// <summary>How long another process may hold the write lock.</summary>
    private const int BusySeconds = 30;

    private readonly SemaphoreSlim gate = new(1, 1);

    // By their SQL, of which there are some dozens: preparing one takes several times as long as running it.
    private readonly Dictionary<string, SqliteCommand> prepared = [];
    private readonly LockFiles lockFiles = new(Path.Combine(Path.GetDirectoryName(path)!, "ledger.locks"));
    private SqliteConnection? connection;

    public override string Location => path;

    public override string Variable => "OMNI_HOME";

    public override string Now => "omni_now()";

    public override string IsAbandoned => "omni_is_abandoned(r.owner) = 1";

    public override int AbandonedCount => lockFiles.AbandonedCount;

    public override string FindSchema => "SELECT name FROM sqlite_master WHERE name = 'omni_schema'";

    public override string Contains(string column, string parameter) => $"omni_contains({column}, {parameter}) = 1";

    public override string IsOneOf(string column, string parameter) =>
        $"{column} IN (SELECT value FROM json_each({parameter}))";

    public override IDisposable Hold(string owner) => lockFiles.Hold(owner);

    // See https://sqlite.org/rescode.html.
    public override OmniException Explain(Exception failure, Charged charged)
    {
        const string orHome = "or set OMNI_HOME to another folder";
        var (what, nextStep) = (failure as SqliteException)?.SqliteErrorCode switch
        {
            26 => ("is not a database", "Move the file away, " + orHome),
            11 => ("is damaged", "Stop all OmniTools programs, then rescue it: "
                + $"sqlite3 \"{path}\" .recover | sqlite3 recovered.db, and put recovered.db in its place"),
            13 => ("cannot be written: the disk is full", "Free some space on the disk"),
            8 or 3 or 23 =>
                ("cannot be written: it is read-only", "Make the file and its folder writable for you, " + orHome),
            14 => ("cannot be opened", "Make the file and its folder readable and writable for you, " + orHome),
            5 or 6 =>
                ("is in use by another program", "Close the program that holds it, a database browser for example"),
            _ => ($"cannot be used: {failure.Message.TrimEnd('.')}",
                "Make its folder readable and writable with room on its disk, " + orHome),
        };
        return LedgerErrors.Unavailable(this, "The ledger " + what, nextStep, charged, failure);
    }

    public override async Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            // A file that was deleted or replaced would be written to without anybody seeing it again.
            if (connection is not null && !File.Exists(path))
                Close();
            connection ??= Connect();
            return new(Prepare, isWrite ? connection.BeginTransaction(deferred: false) : null, ReleaseAsync);
        }
        catch
        {
            await ReleaseAsync(succeeded: false);
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        Close();
        gate.Release();
    }

    private ValueTask ReleaseAsync(bool succeeded)
    {
        if (!succeeded)
            Close();
        gate.Release();
        return ValueTask.CompletedTask;
    }

    private SqliteCommand Prepare(string sql)
    {
        if (prepared.TryGetValue(sql, out var command))
            return command;
        command = connection!.CreateCommand();
#pragma warning disable CA2100 // Every statement is built from constants; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return prepared[sql] = command;
    }

    private void Close()
    {
        prepared.Clear();
        connection?.Dispose();
        connection = null;
        HasSchema = false;
    }

    private SqliteConnection Connect()
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
            PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete).Dispose();
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = OperatingSystem.IsWindows() ? WindowsPath.ForNativeCode(Path.GetFullPath(path)) : path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            opened.Open();
            Configure(opened);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private void Configure(SqliteConnection opened)
    {
        Execute($"PRAGMA busy_timeout = {BusySeconds}000");
        // The write-ahead log needs shared memory, which no network drive has.
        var journal = isOnNetwork ?? IsOnNetwork(Path.GetFullPath(path)) ? "DELETE" : "WAL";
        Warnings = Execute($"PRAGMA journal_mode = {journal}") is "wal" ? []
            : [$"{path} is on a drive where SQLite cannot use its write-ahead log: the ledger works, more slowly, and "
                + "only for one machine at a time. Set OMNI_LEDGER to share a ledger between machines."];
        Execute("PRAGMA synchronous = FULL");
        if (OperatingSystem.IsWindows())
        {
            // The log has the folder's permissions, which are open where the user made the folder.
            Execute("SELECT COUNT(*) FROM sqlite_master"); // Makes the files.
            PrivateFiles.Restrict(path + "-wal");
            PrivateFiles.Restrict(path + "-shm");
        }
        opened.CreateFunction("omni_now", () => timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        opened.CreateFunction("omni_is_abandoned", (string? owner) => lockFiles.IsAbandoned(owner));
        opened.CreateFunction("omni_contains",
            (string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true);

        object? Execute(string sql)
        {
            using var command = opened.CreateCommand();
#pragma warning disable CA2100 // Constants only.
            command.CommandText = sql;
#pragma warning restore CA2100
            return command.ExecuteScalar();
        }
    }

    // A share has no drive that could be asked.
    private static bool IsOnNetwork(string fullPath) =>
        (OperatingSystem.IsWindows() ? WindowsPath.GetDrive(fullPath) : fullPath) is not { } drive
        || new DriveInfo(drive).DriveType == DriveType.Network;
}
