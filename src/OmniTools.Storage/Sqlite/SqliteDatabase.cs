using Microsoft.Data.Sqlite;
using OmniTools.Errors;
using OmniTools.Files;

namespace OmniTools.Storage.Sqlite;

/// <summary>A file on this machine: one connection, used by one caller at a time.</summary>
/// <param name="path">The file.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="isOnNetwork">Whether the file is on a network drive; null: the system is asked.</param>
internal sealed class SqliteDatabase(string path, TimeProvider timeProvider, bool? isOnNetwork = null) : IDatabase
{
    /// <summary>How long another process may hold the write lock.</summary>
    private const int BusySeconds = 30;

    /// <summary>
    /// How many prepared statements are kept; preparing one takes several times as long as running it.
    /// </summary>
    private const int MaximumPrepared = 100;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, SqliteCommand> prepared = [];
    private readonly LockFiles lockFiles = new(Path.Combine(Path.GetDirectoryName(path)!, "ledger.locks"));
    private SqliteConnection? connection;

    public string Location => path;

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public bool HasSchema { get; set; }

    public string Now => "omni_now()";

    public string IsAbandoned => "omni_is_abandoned(r.owner) = 1";

    public string Identity => "INTEGER PRIMARY KEY AUTOINCREMENT";

    public string CountSchemaTables =>
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'omni_schema'";

    public TimeSpan? LeaseDuration => null;

    public int AbandonedCount => lockFiles.AbandonedCount;

    public string Contains(string column, string parameter) => $"omni_contains({column}, {parameter}) = 1";

    public IDisposable Hold(string owner) => lockFiles.Hold(owner);

    public async Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            // A file that was deleted or replaced would be written to without anybody seeing it again.
            if (connection is not null && !File.Exists(path))
                Close();
            connection ??= Connect();
            return new(Prepare, isWrite ? connection.BeginTransaction(deferred: false) : null, Release);
        }
        catch
        {
            await Release(succeeded: false);
            throw;
        }
    }

    // Waiting is done by SQLite; what is busy for longer is reported.
    public bool IsTransient(Exception failure) => false;

    public OmniException Explain(Exception failure, Charged charged) => SqliteErrors.Explain(failure, path, charged);

    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        Close();
        gate.Release();
    }

    private ValueTask Release(bool succeeded)
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
        if (prepared.Count >= MaximumPrepared)
            Forget();
        command = connection!.CreateCommand();
#pragma warning disable CA2100 // Every statement is built from constants; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return prepared[sql] = command;
    }

    private void Forget()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        prepared.Clear();
    }

    private void Close()
    {
        Forget();
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
            Execute(opened, $"PRAGMA busy_timeout = {BusySeconds}000");
            Warnings = SetJournal(opened) ? []
                : [$"{path} is on a drive where SQLite cannot use its write-ahead log: the ledger works, more slowly, and " +
                    "only for one machine at a time. Set OMNI_LEDGER to share a ledger between machines."];
            Execute(opened, "PRAGMA synchronous = FULL");
            RestrictLog(opened);
            opened.CreateFunction("omni_now", () => timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            opened.CreateFunction("omni_is_abandoned", (string? owner) => lockFiles.IsAbandoned(owner));
            opened.CreateFunction("omni_contains",
                (string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    // The write-ahead log needs shared memory, which no network drive has.
    private bool SetJournal(SqliteConnection opened)
    {
        var journal = isOnNetwork ?? IsOnNetwork(Path.GetFullPath(path)) ? "DELETE" : "WAL";
        return Execute(opened, $"PRAGMA journal_mode = {journal}") is "wal";
    }

    // A share has no drive that could be asked.
    private static bool IsOnNetwork(string fullPath) =>
        (OperatingSystem.IsWindows() ? WindowsPath.GetDrive(fullPath) : fullPath) is not { } drive
        || new DriveInfo(drive).DriveType == DriveType.Network;

    // On Windows the log beside the database has the folder's permissions, which are open where the user made the folder.
    private void RestrictLog(SqliteConnection opened)
    {
        if (!OperatingSystem.IsWindows())
            return;
        Execute(opened, "SELECT COUNT(*) FROM sqlite_master"); // Makes the files.
        PrivateFiles.Restrict(path + "-wal");
        PrivateFiles.Restrict(path + "-shm");
    }

    private static object? Execute(SqliteConnection opened, string sql)
    {
        using var command = opened.CreateCommand();
#pragma warning disable CA2100 // Constants only.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
