using System.Diagnostics;
using System.Globalization;

namespace OmniTools.Mcp.Tests;

/// <summary>The program as a client starts it.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omni-process-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_end_of_input_ends_a_running_wait_within_two_seconds()
    {
        using var server = ServerProcess.Start(folder);
        await server.GreetAsync();
        var answer = await server.AskAsync(
            2, "tools/call", """{"name":"generate_video","arguments":{"prompt":"[slow]","request_key":"snail"}}""");
        await server.SendAsync("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":"""
            + """{"name":"wait_video_task","arguments":{"task_ids":["snail"]}}}""");

        var clock = Stopwatch.StartNew();
        server.EndInput();
        var (output, errors) = await server.EndAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.ExitCode);
        Assert.Empty(errors);
        AssertText.Contains("\"snail\"", answer.GetRawText());
        AssertText.DoesNotContain("\"id\":3", output);
    }

    [Fact]
    public async Task A_request_to_terminate_ends_the_server_in_good_order()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        using var server = ServerProcess.Start(folder);
        await server.GreetAsync();

        var clock = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", server.Process.Id.ToString(CultureInfo.InvariantCulture)]);
        var (_, errors) = await server.EndAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.ExitCode);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Calls_that_a_script_writes_before_closing_the_input_are_answered()
    {
        using var server = ServerProcess.Start(folder);
        await server.SendAsync(ServerProcess.Initialize);
        await server.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        server.EndInput();

        var (output, _) = await server.EndAsync();

        AssertText.Contains("\"serverInfo\"", output);
        AssertText.Contains("\"wait_video_task\"", output);
        Assert.False(Directory.Exists(Path.Combine(folder, "home")), "listing tools touches nothing");
    }

    [Fact]
    public async Task Listing_tools_loads_no_assembly_that_only_calls_need()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists the files that a process has mapped");
        using var server = ServerProcess.Start(folder);
        await server.GreetAsync();
        await server.AskAsync(2, "tools/list", "{}");

        var mapped = await File.ReadAllTextAsync($"/proc/{server.Process.Id}/maps");

        AssertText.Contains("ModelContextProtocol.Core.dll", mapped);
        string[] unloaded =
        [
            "System.Net.Http.dll", "OmniTools.Sandbox.dll", "System.Text.RegularExpressions.dll",
            "System.Diagnostics.Process.dll", "System.Security.Cryptography.dll",
        ];
        Assert.All(unloaded, name => AssertText.DoesNotContain(name, mapped));
    }

    [Fact]
    public async Task A_server_that_makes_and_saves_a_clip_needs_no_ICU_so_it_runs_in_a_slim_container_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists the files that a process has mapped");
        using var server = ServerProcess.Start(folder, [("OMNI_SANDBOX", "1"), ("OMNI_SANDBOX_SECONDS", "0")]);
        await server.GreetAsync();
        await server.AskAsync(
            2,
            "tools/call",
            """{"name":"generate_video","arguments":{"prompt":"un cafe\u0301, ÄÖÜ und 猫","request_key":"s"}}""");
        await server.AskAsync(3, "tools/call", """{"name":"save_video","arguments":{"task_id":"s"}}""");

        AssertText.DoesNotContain("libicu", await File.ReadAllTextAsync($"/proc/{server.Process.Id}/maps"));
        var clips = Directory.GetFiles(Path.Combine(folder, "clips"), "*.mp4");
        AssertText.Contains("-äöü-und-猫-", Assert.Single(clips));
    }

    [Fact]
    public async Task A_client_of_the_stateless_protocol_is_served()
    {
        using var server = ServerProcess.Start(folder);
        await server.SendAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{{{{ServerProcess.Meta}}}}}""");
        await server.SendAsync(
            $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":"""
            + $$$"""{"name":"list_video_tasks",{{{ServerProcess.Meta}}}}}"""
        );
        // Read before the input ends: on a busy machine the first use of the ledger takes longer than the end allows.
        var output = await server.ReadAsync() + await server.ReadAsync();
        server.EndInput();

        await server.EndAsync();

        AssertText.Contains("\"2026-07-28\"", output);
        AssertText.Contains("No such tasks.", output);
    }

    [Fact]
    public async Task A_clip_ordered_as_a_task_is_asked_for_at_the_next_server_and_bought_once()
    {
        const string Order =
            $$"""{"name":"generate_video","arguments":{"prompt":"a fox","request_key":"fox"},{{ServerProcess.Meta}}}""";
        using (var first = ServerProcess.Start(folder, "--debug"))
        {
            Assert.Equal("task", (await first.AskAsync(1, "tools/call", Order)).GetProperty("resultType").GetString());
            // Killed: everything that a later server needs is on disk when the answer is sent.
            first.Process.Kill();
        }

        using var second = ServerProcess.Start(folder, [("OMNI_SANDBOX", "1"), ("OMNI_SANDBOX_SECONDS", "0")]);
        var again = await second.AskAsync(1, "tools/call", Order);
        var found = await second.AskAsync(2, "tasks/get", $$"""{"taskId":"fox",{{ServerProcess.Meta}}}""");

        Assert.Equal("fox", again.GetProperty("taskId").GetString());
        Assert.Equal("fox", found.GetProperty("taskId").GetString());
        Assert.Single(Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories), file =>
            file.Contains("provider", StringComparison.Ordinal));
    }
}
