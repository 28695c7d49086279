using OmniTools.Storage;
using OmniTools.Storage.Sqlite;

namespace OmniTools.Benchmarks.Ledger;

/// <summary>A ledger as years of use leave it: completed and saved tasks, spread over a month.</summary>
internal sealed class FilledLedger(int tasks) : IDisposable
{
    public string Home { get; } = Directory.CreateTempSubdirectory("omnitools-ledger-").FullName;

    public string File => Path.Combine(Home, "ledger.db");

    public int Tasks => tasks;

    /// <summary>The id of a task, counted from the oldest.</summary>
    public static string IdOf(int number) => $"task_{number:0000000}_7f3a9c51d2e84b60";

    public async Task FillAsync()
    {
        await using (var store = LedgerStores.Open(new() { Home = Home, OutputRoot = Home }, TimeProvider.System))
            await store.FindAsync("nothing", null, default);
        await using var database = new SqliteDatabase(File, TimeProvider.System);
        await using var session = await database.OpenAsync(isWrite: true, default);
        await session.ExecuteAsync(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < @tasks)
            INSERT INTO omni_request (request_key, provider, model, prompt, aspect_ratio, duration, resolution,
                request, content_hash, body_hash, attempt, first_sent_at, last_sent_at, updated_at, counted_day, owner,
                task_id, state, status, raw_status, progress, created_at, completed_at, machine)
            SELECT printf('omni_019c%028d', n), 'toapis', 'gemini_omni_flash',
                'A lighthouse in a storm at dusk, seen from the sea, slow push in, number ' || n,
                '16:9', 8, '720p', '{"images":[]}', hex(randomblob(32)), hex(randomblob(32)), 1,
                1767225600000 + n * 25000, 1767225600000 + n * 25000,
                1767225600000 + n * 25000, date(1767225600 + n * 25, 'unixepoch'), lower(hex(randomblob(16))),
                printf('task_%07d_7f3a9c51d2e84b60', n),
                'accepted', 'completed', 'completed', 100,
                1767225600000 + n * 25000, 1767225660000 + n * 25000, 'here' FROM numbers
            """, ("@tasks", tasks));
        await session.ExecuteAsync(
            """
            UPDATE omni_request SET
                videos = json_array(json_object('url', 'https://files.example.com/' || task_id || '.mp4')),
                files = json_array(json_object('position', 0, 'machine', 'here',
                    'path', '/home/someone/Videos/OmniTools/2026-01-31-a-lighthouse-' || task_id || '.mp4',
                    'sha256', content_hash, 'bytes', 4200000))
            """);
        await session.CommitAsync();
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
