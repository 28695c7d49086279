using Microsoft.Data.Sqlite;
using OmniTools.Configuration;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Saving;

namespace OmniTools.Testing;

/// <summary>
/// Commands that tests run in processes of their own, configured by the environment. <c>submit REQUEST_KEY PROMPT
/// [TRACE]</c> submits one request; with TRACE it stops at the first trace line that begins so, writes "stopped", and
/// waits to be killed. <c>save TASK_ID FOLDER</c> saves one task as <c>clip.mp4</c> and writes its progress and result.
/// <c>play</c> runs commands from its input, see <see cref="CommandPlayer"/>. <c>batch LIST</c> runs a list and writes
/// each notice, how many rows are saved, and the exit code. <c>hold-ledger PATH</c> writes to a ledger in a transaction
/// that it never ends. <c>serve toapis|apimart</c> is a loopback provider, see <see cref="LoopbackConsole"/>.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args switch
    {
        ["submit", var key, var prompt, .. var stopAt] => SubmitAsync(key, prompt, stopAt.FirstOrDefault()),
        ["save", var id, var folder] => SaveAsync(id, folder),
        ["batch", var list] => RunBatchAsync(list),
        ["play"] => CommandPlayer.PlayAsync(),
        ["hold-ledger", var path] => HoldLedger(path),
        ["serve", "toapis"] => LoopbackConsole.ServeAsync(Contract.ToApis),
        ["serve", "apimart"] => LoopbackConsole.ServeAsync(Contract.ApiMart),
        _ => Task.FromResult(2),
    };

    private static async Task<int> SubmitAsync(string key, string prompt, string? stopAt)
    {
        using var listening = TraceSubscription.Start((_, line) =>
        {
            if (stopAt is not null && line.StartsWith(stopAt, StringComparison.Ordinal))
            {
                Console.WriteLine("stopped");
                new ManualResetEvent(false).WaitOne();
            }
        });
        await using var client = new OmniClient(OmniSettings.FromEnvironment(), TestSettings.Options);
        try
        {
            var task = await client.SubmitAsync(new VideoRequest { Prompt = prompt, RequestKey = key });
            Console.WriteLine(task.Id);
            return 0;
        }
        catch (OmniException failure)
        {
            Console.WriteLine(failure.Kind);
            return 1;
        }
    }

    private static async Task<int> SaveAsync(string id, string folder)
    {
        using var listening = TraceSubscription.Start((level, line) =>
        {
            if (level == TraceLevel.Verbose)
                Console.WriteLine("trace " + line);
        });
        await using var client = new OmniClient(OmniSettings.FromEnvironment(), TestSettings.Options);
        try
        {
            var saved = await client.SaveVideosAsync(await client.GetTaskAsync(id),
                new() { Folder = folder, Template = "clip.mp4" }, new ProgressWriter());
            Console.WriteLine(
                $"saved {saved[0].Path} {saved[0].Sha256} {(saved[0].WasAlreadySaved ? "already" : "now")}");
            return 0;
        }
        catch (OmniException failure)
        {
            Console.WriteLine($"{failure.Kind}: {failure.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    private static async Task<int> RunBatchAsync(string list)
    {
        await using var client = new OmniClient(OmniSettings.FromEnvironment(), TestSettings.Options);
        try
        {
            var result = await client.RunBatchAsync(new() { Path = list },
                new() { Notice = line => Console.WriteLine("notice " + line) });
            var suffix = result.HadNothingToDo ? ", nothing left to do" : "";
            Console.WriteLine($"ended {result.ExitCode} saved {result.Saved} bought {result.Bought} "
                + FormattableString.Invariant($"in {result.Elapsed?.TotalMilliseconds:0} ms{suffix}"));
            return result.ExitCode;
        }
        catch (OmniException failure)
        {
            Console.WriteLine($"{failure.Kind}: {failure.Message.ReplaceLineEndings(" ")}");
            return 3;
        }
    }

    private static Task<int> HoldLedger(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        // So much that it does not stay in memory: part of it is in the log when the process is killed.
        command.CommandText =
            """
            PRAGMA cache_size = 10;
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
            INSERT INTO omni_event (at, machine, request_key, kind, data)
            SELECT n, 'm', 'k' || n, 'state', hex(randomblob(100)) FROM numbers;
            UPDATE omni_request SET prompt = 'written by a process that was killed'
            """;
        command.ExecuteNonQuery();
        Console.WriteLine("written");
        new ManualResetEvent(false).WaitOne();
        return Task.FromResult(0);
    }

    private sealed class ProgressWriter : IProgress<SaveProgress>
    {
        public void Report(SaveProgress value) =>
            Console.WriteLine(FormattableString.Invariant($"received {value.Received}"));
    }
}
