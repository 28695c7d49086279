using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>The program as a client starts it.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omni-process-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_demo_makes_a_clip_over_a_real_server_and_finds_it_on_disk()
    {
        using var demo = ServerProcess.Start(folder, "demo", "a lighthouse in a storm");
        demo.EndInput();

        var (output, errors) = await demo.EndAsync();

        Assert.True(demo.ExitCode == 0, output + errors);
        var file = Assert.Single(
            Directory.GetFiles(Path.Combine(folder, "clips"), "*.mp4", SearchOption.AllDirectories));
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.Contains("TOAPIS_API_KEY", output, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_demo_depends_on_no_limit_and_no_choice_of_the_user()
    {
        using var demo = ServerProcess.Start(
            folder,
            [
                ("OMNI_MAX_VIDEOS_PER_DAY", "0"),
                ("OMNI_MAX_CREDITS_PER_DAY", "0"),
                ("OMNI_CONFIRM_ABOVE", "0"),
                ("OMNI_PROVIDER", "foo"),
                ("OMNI_SANDBOX", "yes"),
            ],
            "demo");

        var (output, errors) = await demo.EndAsync();

        Assert.True(demo.ExitCode == 0, output + errors);
        var (command, arguments) = ServerProcess.Program;
        Assert.Contains(string.Join(' ', [command, .. arguments, "check"]), output, StringComparison.Ordinal);
        Assert.Contains("Connect-OmniProvider -Sandbox", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_demo_whose_clip_fails_says_that_it_was_the_sandbox()
    {
        using var demo = ServerProcess.Start(folder, "demo", "a fox [fail]");

        var (_, errors) = await demo.EndAsync();

        Assert.Equal(1, demo.ExitCode);
        Assert.Contains("This was the sandbox: no money was spent.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was billed", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("omnitools-mcp check", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_input_ends_a_running_wait_within_two_seconds()
    {
        using var server = ServerProcess.Start(folder);
        await server.GreetAsync();
        await server.SendAsync(
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"generate_video","arguments":"""
                + """{"prompt":"a [slow] snail","request_key":"snail"}}}"""
        );
        var answer = await server.ReadAsync();
        await server.SendAsync(
            """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"wait_video_task","arguments":"""
                + """{"task_ids":["snail"]}}}"""
        );

        var clock = Stopwatch.StartNew();
        server.EndInput();
        var (output, errors) = await server.EndAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.ExitCode);
        Assert.Empty(errors);
        Assert.Contains("\"snail\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\":3", output, StringComparison.Ordinal);
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
        await server.SendAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
                + """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"""
        );
        await server.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        server.EndInput();

        var (output, _) = await server.EndAsync();

        Assert.Contains("\"serverInfo\"", output, StringComparison.Ordinal);
        Assert.Contains("\"wait_video_task\"", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "home")), "listing tools touches nothing");
    }

    [Fact]
    public async Task A_server_that_was_only_asked_what_it_can_do_has_loaded_nothing_that_doing_it_needs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process has mapped");
        using var server = ServerProcess.Start(folder);
        await server.GreetAsync();
        await server.AskAsync(2, "tools/list", "{}");

        var mapped = await File.ReadAllTextAsync(
            $"/proc/{server.Process.Id}/maps", TestContext.Current.CancellationToken);

        Assert.Contains("ModelContextProtocol.Core.dll", mapped, StringComparison.Ordinal);
        foreach (
            var later in new[]
            {
                "System.Net.Http.dll",
                "OmniTools.Sandbox.dll",
                "System.Text.RegularExpressions.dll",
                "System.Diagnostics.Process.dll",
                "System.Security.Cryptography.dll",
            })
            Assert.DoesNotContain(later, mapped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_makes_and_saves_a_clip_needs_no_ICU_so_it_runs_in_a_slim_container_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process has mapped");
        using var server = ServerProcess.Start(folder, [("OMNI_SANDBOX", "1"), ("OMNI_SANDBOX_SECONDS", "0")]);
        await server.GreetAsync();
        await server.AskAsync(
            2,
            "tools/call",
            """{"name":"generate_video","arguments":{"prompt":"un cafe\u0301, ÄÖÜ und 猫","request_key":"shot"}}""");
        await server.AskAsync(3, "tools/call", """{"name":"save_video","arguments":{"task_id":"shot"}}""");

        Assert.DoesNotContain(
            "libicu",
            await File.ReadAllTextAsync($"/proc/{server.Process.Id}/maps", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Contains(
            "-äöü-und-猫-",
            Assert.Single(Directory.GetFiles(Path.Combine(folder, "clips"), "*.mp4")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_the_stateless_protocol_is_served_too()
    {
        using var server = ServerProcess.Start(folder);
        await server.SendAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{{{{ServerProcess.Meta}}}}}""");
        await server.SendAsync(
            $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":"""
            + $$$"""{"name":"list_video_tasks",{{{ServerProcess.Meta}}}}}"""
        );
        // Read before the input ends: the first use of the ledger can take longer than a call has then, on a busy
        // machine.
        var output = await server.ReadAsync() + await server.ReadAsync();
        server.EndInput();

        await server.EndAsync();

        Assert.Contains("\"2026-07-28\"", output, StringComparison.Ordinal);
        Assert.Contains("No such tasks.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "TOAPIS_API_KEY", "OMNI_SANDBOX=1", "Not ready")]
    [InlineData("1", "Sandbox", "Ready.")]
    public async Task A_check_says_in_ten_lines_why_it_does_not_work_yet_and_what_to_set(
        string sandbox, params string[] words)
    {
        using var check = ServerProcess.Start(
            folder, [("OMNI_SANDBOX", sandbox), ("TOAPIS_API_KEY", ""), ("APIMART_API_KEY", "")], "check");

        var (output, errors) = await check.EndAsync();

        Assert.Equal(sandbox == "1" ? 0 : 1, check.ExitCode);
        Assert.InRange(output.TrimEnd().Split('\n').Length, 1, 10);
        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_check_names_the_shared_ledger_and_why_it_cannot_be_reached_and_never_its_password()
    {
        using var check = ServerProcess.Start(
            folder,
            [
                ("TOAPIS_API_KEY", "sk-0123456789"),
                ("TOAPIS_BASE_URL", "http://127.0.0.1:9"),
                ("OMNI_LEDGER", "postgresql://omni:s3cret@127.0.0.1:1/ledger"),
            ],
            "check");

        var (output, errors) = await check.EndAsync();

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("Ledger: PostgreSQL 127.0.0.1:1/ledger.", output, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_upgrade_says_which_ledger_and_versions_and_does_nothing_twice()
    {
        using var first = ServerProcess.Start(folder, "ledger", "upgrade");
        Assert.Contains("It was made new, with version", (await first.EndAsync()).Output, StringComparison.Ordinal);
        using var second = ServerProcess.Start(folder, "ledger", "upgrade");
        var (output, errors) = await second.EndAsync();
        Assert.Equal((0, ""), (second.ExitCode, errors));
        Assert.Contains("ledger.db", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", output, StringComparison.Ordinal);

        using var away = ServerProcess.Start(folder, [("OMNI_SANDBOX", ""),
            ("OMNI_LEDGER", "postgresql://omni:s3cret@127.0.0.1:1/ledger")], "ledger", "upgrade");
        (output, errors) = await away.EndAsync();
        Assert.Equal((1, ""), (away.ExitCode, output));
        Assert.Contains("cannot be reached", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_that_is_neither_on_nor_off_is_not_ready()
    {
        using var check = ServerProcess.Start(
            folder,
            [("OMNI_SANDBOX", "yes"), ("TOAPIS_API_KEY", "sk-0123456789"), ("TOAPIS_BASE_URL", "http://127.0.0.1:9")],
            "check");

        var (output, _) = await check.EndAsync();

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("OMNI_SANDBOX", output, StringComparison.Ordinal);
        Assert.Contains("Received: yes", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "--version")]
    [InlineData(0, "--help")]
    [InlineData(2, "--nonsense")]
    [InlineData(2, "demo", "--nonsense")]
    [InlineData(2, "ledger")]
    [InlineData(0, "ledger", "upgrade")]
    [InlineData(0, "check")]
    public async Task Every_command_line_has_its_exit_code(int expected, params string[] arguments)
    {
        using var program = ServerProcess.Start(folder, arguments);
        program.EndInput();

        var (output, errors) = await program.EndAsync();

        Assert.True(program.ExitCode == expected, output + errors);
        Assert.NotEmpty(expected == 0 ? output : errors);
    }

    [Fact]
    public async Task The_configuration_it_prints_starts_the_program_that_printed_it()
    {
        var program = Path.Combine(
            AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "OmniTools.Mcp.exe" : "OmniTools.Mcp");
        using var own = ServerProcess.Of(program, folder, [], "--help");
        using var hosted = ServerProcess.Start(folder, "--help");
        var (command, arguments) = ServerProcess.Program;

        Assert.Contains(
            $"\"command\": {JsonSerializer.Serialize(program)}, \"env\"",
            (await own.EndAsync()).Output,
            StringComparison.Ordinal);
        Assert.Contains(
            $"\"command\": {JsonSerializer.Serialize(command)}, {(arguments.Count > 0 ? "\"args\": [" : "\"env\"")}",
            (await hosted.EndAsync()).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clip_ordered_as_a_task_is_asked_for_at_the_next_server_and_bought_once()
    {
        const string Order =
            $$"""{"name":"generate_video","arguments":{"prompt":"a fox","request_key":"fox"},{{ServerProcess.Meta}}}""";
        using (var first = ServerProcess.Start(folder, "--debug"))
        {
            Assert.Equal("task", (await first.AskAsync(1, "tools/call", Order)).GetProperty("resultType").GetString());
            // No good end: what a task lives on is on the disk when it is told.
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
