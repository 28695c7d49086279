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
        using var demo = Start("demo", "a lighthouse in a storm");
        demo.StandardInput.Close();

        var (output, errors) = await EndAsync(demo);

        Assert.True(demo.ExitCode == 0, output + errors);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(folder, "clips"), "*.mp4", SearchOption.AllDirectories));
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.Contains("TOAPIS_API_KEY", output, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Standard_output_carries_protocol_only_and_the_end_of_input_ends_a_running_wait()
    {
        using var server = Start();
        await SendAsync(server, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        await SendAsync(server, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await SendAsync(server, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"generate_video","arguments":{"prompt":"a [slow] snail","request_key":"snail"}}}""");
        var lines = new List<string?> { await ReadAsync(server), await ReadAsync(server) };
        await SendAsync(server, """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"wait_video_task","arguments":{"task_ids":["snail"]}}}""");

        var clock = Stopwatch.StartNew();
        server.StandardInput.Close();
        var (output, errors) = await EndAsync(server);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.ExitCode);
        Assert.Empty(errors);
        foreach (var line in lines.Concat(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
            Assert.Equal("2.0", JsonElement.Parse(line!).GetProperty("jsonrpc").GetString());
        Assert.Contains("\"snail\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_to_terminate_ends_the_server_in_good_order()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        using var server = Start();
        await SendAsync(server, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        await ReadAsync(server);

        var clock = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)]);
        var (_, errors) = await EndAsync(server);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.ExitCode);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Calls_that_a_script_writes_before_closing_the_input_are_answered()
    {
        using var server = Start();
        await SendAsync(server, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        await SendAsync(server, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        server.StandardInput.Close();

        var (output, _) = await EndAsync(server);

        Assert.Contains("\"serverInfo\"", output, StringComparison.Ordinal);
        Assert.Contains("\"wait_video_task\"", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "home")), "listing tools touches nothing");
    }

    [Fact]
    public async Task A_client_of_the_stateless_protocol_is_served_too()
    {
        const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
        using var server = Start();
        await SendAsync(server, $$$"""{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{{{{Meta}}}}}""");
        await SendAsync(server, $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_video_tasks",{{{Meta}}}}}""");
        server.StandardInput.Close();

        var (output, _) = await EndAsync(server);

        Assert.Contains("\"2026-07-28\"", output, StringComparison.Ordinal);
        Assert.Contains("No such tasks.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "--version")]
    [InlineData(0, "--help")]
    [InlineData(2, "--nonsense")]
    [InlineData(2, "demo", "--nonsense")]
    [InlineData(0, "check")]
    public async Task Every_command_line_has_its_exit_code(int expected, params string[] arguments)
    {
        using var program = Start(arguments);
        program.StandardInput.Close();

        var (output, errors) = await EndAsync(program);

        Assert.True(program.ExitCode == expected, output + errors);
        Assert.NotEmpty(expected == 0 ? output : errors);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_SANDBOX"] = "1";
        start.Environment["OMNI_HOME"] = Path.Combine(folder, "home");
        return Process.Start(start)!;
    }

    private static async Task SendAsync(Process server, string message)
    {
        await server.StandardInput.WriteLineAsync(message);
        await server.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static Task<string?> ReadAsync(Process server) => server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();

    private static async Task<(string Output, string Errors)> EndAsync(Process process)
    {
        var stop = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return (await output, await errors);
    }
}
