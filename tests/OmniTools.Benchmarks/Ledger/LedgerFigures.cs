using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using OmniTools.Ledger;
using OmniTools.Storage;
using OmniTools.Storage.Sql;
using OmniTools.Storage.Sqlite;
using OmniTools.VideoTasks;

namespace OmniTools.Benchmarks.Ledger;

/// <summary>What the ledger costs, each beside SQLite alone doing the same with prepared statements.</summary>
internal static class LedgerFigures
{
    private const int Rounds = 400;
    private const int Tasks = 100_000;
    private const int Starts = 21;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var filled = new FilledLedger(Tasks);
        await filled.FillAsync();
        await using var store =
            LedgerStores.Open(new() { Home = filled.Home, OutputRoot = filled.Home }, TimeProvider.System);
        await using var raw = new RawSqlite(filled.File);
        var number = 0;
        var append = await Comparison.RunAsync(Rounds, Rounds,
            () => TimeAsync(async () =>
            await store.UpdateAsync(FilledLedger.IdOf(number), "toapis", Change, default)),
            () => TimeAsync(() => raw.Append(FilledLedger.IdOf(++number))));
        var find = await Comparison.RunAsync(Rounds, Rounds,
            () => TimeAsync(async () => await store.FindAsync(FilledLedger.IdOf(++number * 7 % Tasks), null, default)),
            () => TimeAsync(() => raw.Find(FilledLedger.IdOf(number * 7 % Tasks))));
        var list = await Comparison.RunAsync(Rounds, Rounds,
            () => TimeAsync(async () => await store.ListAsync(new() { Limit = 20 }, default)),
            () => TimeAsync(() => raw.List(20)));
        var first = await Comparison.RunAsync(Starts, () => ChildAsync("ledger"), () => ChildAsync("sqlite"));
        var note = $"{Tasks:n0} tasks, medians of {Rounds}";
        return
        [
            Figure.Ratio("ledger: one state change, on disk", "SQLite alone: update and history row", append[0],
                append[1], "µs", 1.5, note),
            Figure.Ratio("ledger: one task by id", "SQLite alone: all columns", find[0], find[1], "µs", 3,
                note),
            Figure.Ratio("ledger: the newest 20", "SQLite alone: all columns", list[0], list[1], "µs", 3,
                note),
            Figure.Ratio("ledger: first use in a fresh process, schema included",
                "SQLite alone: open and the same schema", first[0], first[1], "ms", 1.3, $"medians of {Starts}"),
        ];
    }

    /// <summary>
    /// In a process of its own: the first use of a new ledger, or of SQLite alone. Says the milliseconds.
    /// </summary>
    public static async Task<int> FirstUseAsync(string what)
    {
        var home = Directory.CreateTempSubdirectory("omnitools-first-").FullName;
        var began = Stopwatch.GetTimestamp();
        if (what == "ledger")
        {
            await using var store = LedgerStores.Open(new() { Home = home, OutputRoot = home }, TimeProvider.System);
            await store.FindAsync("nothing", null, default);
        }
        else
        {
            await using var raw = new RawSqlite(Path.Combine(home, "ledger.db"));
            raw.Create();
            raw.Find("nothing");
        }
        Console.WriteLine(Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        Directory.Delete(home, recursive: true);
        return 0;
    }

    private static RequestRecord Change(RequestRecord known) =>
        known with
        {
            Task = known.Task with { RawStatus = known.Task.RawStatus + "+", Status = VideoTaskStatus.Completed },
        };

    private static async Task<double> ChildAsync(string what) =>
        double.Parse((await Child.RunSelfAsync("first-use", what)).Output, CultureInfo.InvariantCulture);

    private static Task<double> TimeAsync(Action act) => TimeAsync(() =>
    {
        act();
        return Task.CompletedTask;
    });

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }

    /// <summary>The least that reads and writes the same rows.</summary>
    private sealed class RawSqlite : IAsyncDisposable
    {
        private readonly SqliteConnection connection;
        private readonly SqliteCommand update;
        private readonly SqliteCommand history;
        private readonly SqliteCommand find;
        private readonly SqliteCommand list;

        public RawSqlite(string path)
        {
            connection = new($"Data Source={path};Pooling=False");
            connection.Open();
            foreach (var pragma in new[] { "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON" })
                Command("PRAGMA " + pragma).ExecuteNonQuery();
            update =
                Command(
                "UPDATE omni_request SET raw_status = raw_status || '+', updated_at = 1767225660000 WHERE task_id = "
                + "@id", "@id");
            history =
                Command(
                "INSERT INTO omni_event (at, machine, request_key, kind, data) VALUES (1767225660000, 'here', @id, "
                + "'state', @data)", "@id", "@data");
            find =
                Command(
                "SELECT * FROM omni_request WHERE task_id = @id", "@id");
            list = Command("SELECT * FROM omni_request ORDER BY last_sent_at DESC, request_key DESC LIMIT @id", "@id");
        }

        public void Create() => Command(new Migrations(new SqliteDatabase(connection.DataSource, TimeProvider.System))
            .WriteScript()).ExecuteNonQuery();

        public void Append(string id)
        {
            using var transaction = connection.BeginTransaction();
            (update.Transaction, history.Transaction) = (transaction, transaction);
            update.Parameters[0].Value = id;
            update.ExecuteNonQuery();
            history.Parameters[0].Value = id;
            history.Parameters[1].Value =
                """{"attempt":1,"provider":"toapis","task_id":"task_0000001_7f3a9c51d2e84b60","status":"completed"}""";
            history.ExecuteNonQuery();
            transaction.Commit();
        }

        public void Find(object id) => Read(find, id);

        public void List(int count) => Read(list, count);

        public async ValueTask DisposeAsync() => await connection.DisposeAsync();

        private static void Read(SqliteCommand command, object parameter)
        {
            command.Parameters[0].Value = parameter;
            using var reader = command.ExecuteReader();
            var values = new object[reader.FieldCount];
            while (reader.Read())
                reader.GetValues(values);
        }

        private SqliteCommand Command(string sql, params string[] parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var parameter in parameters)
                command.Parameters.AddWithValue(parameter, DBNull.Value);
            return command;
        }
    }
}
