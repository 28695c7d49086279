using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The program as a client starts it, with its home below a folder of the test. The default is the sandbox.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>
    /// The metadata that a client of the stateless protocol adds to every request; it declares the tasks extension.
    /// </summary>
    public const string Meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
        + "\"io.modelcontextprotocol/clientCapabilities\":{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}}";

    /// <summary>The first message of a client of the older protocol.</summary>
    public const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
        + """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""";

    /// <summary>
    /// The time limit of a server. Then it is killed with its children, because reading a pipe cannot be cancelled.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // Windows would use its code page.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly List<string> lines = [];
    private readonly CancellationTokenSource over = new(Limit);
    private readonly CancellationTokenRegistration killing;

    private ServerProcess(Process process)
    {
        Process = process;
        killing = over.Token.Register(() => process.Kill(entireProcessTree: true));
    }

    public Process Process { get; }

    /// <summary>The output lines that were read.</summary>
    public IReadOnlyList<string> Lines => lines;

    public int ExitCode => Process.ExitCode;

    public static ServerProcess Start(string folder, params IEnumerable<string> arguments) =>
        Start(folder, [("OMNI_SANDBOX", "1"), (SandboxSpeed.Variable, SandboxSpeed.Seconds)], arguments);

    public static ServerProcess Start(
        string folder, IEnumerable<(string Name, string Value)> variables, params IEnumerable<string> arguments) =>
        Of(Program.Command, folder, variables, [.. Program.Arguments, .. arguments]);

    /// <summary>
    /// The command of the server: the published one of OMNI_TEST_SERVER, else the one that was built.
    /// </summary>
    public static (string Command, IReadOnlyList<string> Arguments) Program { get; } =
        Environment.GetEnvironmentVariable("OMNI_TEST_SERVER") is { Length: > 0 } published
            ? (published, [])
            : Testing.TestProgram.Of(Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll"));

    /// <summary>Starts an installed program.</summary>
    public static ServerProcess Of(
        string program,
        string folder,
        IEnumerable<(string Name, string Value)> variables,
        params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
            WorkingDirectory = folder,
        };
        // Ctrl+Break goes to a group: without one of its own it would end the tests too.
        if (OperatingSystem.IsWindows())
            start.CreateNewProcessGroup = true;
        SetVariables(start, folder, variables);
        return new(Process.Start(start)!);
    }

    /// <summary>Sets folders below a folder of the test, and the variables. Removes other OMNI_ variables.</summary>
    public static void SetVariables(
        ProcessStartInfo start, string folder, IEnumerable<(string Name, string Value)> variables)
    {
        foreach (var name in start.Environment.Keys.Where(each => each.StartsWith("OMNI_", StringComparison.Ordinal))
            .ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_HOME"] = Path.Combine(folder, "home");
        start.Environment["OMNI_OUTPUT_ROOT"] = Path.Combine(folder, "clips");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
    }

    /// <summary>Opens a conversation of the older era.</summary>
    public async Task GreetAsync()
    {
        await SendAsync(Initialize);
        AssertText.Contains("serverInfo", await ReadAsync());
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    public async Task SendAsync(string message)
    {
        await Process.StandardInput.WriteLineAsync(message);
        await Process.StandardInput.FlushAsync();
    }

    public async Task<string> ReadAsync()
    {
        var line = await Process.StandardOutput.ReadLineAsync()
            ?? throw new EndOfStreamException(
                $"The server {(over.IsCancellationRequested ? $"was killed after {Limit.TotalSeconds} "
                    + $"s" : "ended")}. It had said: {string.Join('\n', lines)}"
            );
        lines.Add(line);
        return line;
    }

    /// <summary>Sends a request and returns the result of its answer.</summary>
    public async Task<JsonElement> AskAsync(int id, string method, string parameters)
    {
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        while (true)
        {
            var message = JsonElement.Parse(await ReadAsync());
            if (message.TryGetProperty("id", out var given) && given.GetInt32() == id)
                return message.TryGetProperty("result", out var result)
                    ? result
                    : throw new InvalidOperationException(message.GetRawText());
        }
    }

    /// <summary>Ends the input, as a client that disconnects.</summary>
    public void EndInput() => Process.StandardInput.Close();

    /// <summary>Waits for the end and returns the rest of the output.</summary>
    public async Task<(string Output, string Errors)> EndAsync()
    {
        var output = Process.StandardOutput.ReadToEndAsync();
        var errors = Process.StandardError.ReadToEndAsync();
        await Process.WaitForExitAsync();
        Assert.False(
            over.IsCancellationRequested,
            $"The server was killed after {Limit.TotalSeconds} s. It had said: {await output}{await errors}");
        return (await output, await errors);
    }

    public void Dispose()
    {
        killing.Dispose();
        over.Dispose();
        if (!Process.HasExited)
            Process.Kill();
        Process.Dispose();
    }
}
