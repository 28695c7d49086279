using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The program as a client starts it, in the sandbox unless told otherwise, with its home below a folder of the test's.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>
    /// What a client of the stateless protocol puts into every request; it declares the tasks extension.
    /// </summary>
    public const string Meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
        + "\"io.modelcontextprotocol/clientCapabilities\":{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// What a server may take in all. Then it is killed with all it started: reading a pipe cannot be cancelled, only
    /// ended.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Without it Windows' code page would be used.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly List<string> said = [];
    private readonly CancellationTokenSource over = new(Patience);
    private readonly CancellationTokenRegistration killing;

    private ServerProcess(Process process)
    {
        Process = process;
        killing = over.Token.Register(() => process.Kill(entireProcessTree: true));
    }

    public Process Process { get; }

    /// <summary>Every line of its output that was read.</summary>
    public IReadOnlyList<string> Said => said;

    public int ExitCode => Process.ExitCode;

    public static ServerProcess Start(string folder, params IEnumerable<string> arguments) =>
        Start(folder, [("OMNI_SANDBOX", "1"), (SandboxSpeed.Variable, SandboxSpeed.Seconds)], arguments);

    public static ServerProcess Start(
        string folder,
        IEnumerable<(string Name, string Value)> variables,
        params IEnumerable<string> arguments) =>
        Of(Program.Command, folder, variables, [.. Program.Arguments, .. arguments]);

    /// <summary>
    /// How the server is started: the published one of OMNI_TEST_SERVER, else the one that was built.
    /// </summary>
    public static (string Command, IReadOnlyList<string> Arguments) Program { get; } =
        Environment.GetEnvironmentVariable("OMNI_TEST_SERVER") is { Length: > 0 } published
            ? (published, [])
            : Testing.TestProgram.Of(Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll"));

    /// <summary>The same of a program that was installed.</summary>
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
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal))
                .ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_HOME"] = Path.Combine(folder, "home");
        start.Environment["OMNI_OUTPUT_ROOT"] = Path.Combine(folder, "clips");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Opens a conversation of the older era.</summary>
    public async Task GreetAsync()
    {
        await SendAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
                + """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"""
        );
        Assert.Contains("serverInfo", await ReadAsync(), StringComparison.Ordinal);
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    public async Task SendAsync(string message)
    {
        await Process.StandardInput.WriteLineAsync(message);
        await Process.StandardInput.FlushAsync(Cancellation);
    }

    public async Task<string> ReadAsync()
    {
        var line = await Process.StandardOutput.ReadLineAsync(Cancellation)
            ?? throw new EndOfStreamException(
                $"The server {(over.IsCancellationRequested ? $"was killed after {Patience.TotalSeconds} "
                    + $"s" : "ended")}. It had said: {string.Join('\n', said)}"
            );
        said.Add(line);
        return line;
    }

    /// <summary>Sends a request and gives the result of the answer with its id, which has to be there.</summary>
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

    /// <summary>Ends its input, as a client that goes away does.</summary>
    public void EndInput() => Process.StandardInput.Close();

    /// <summary>All it still says, once it has ended.</summary>
    public async Task<(string Output, string Errors)> EndAsync()
    {
        var output = Process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = Process.StandardError.ReadToEndAsync(Cancellation);
        await Process.WaitForExitAsync(Cancellation);
        Assert.False(
            over.IsCancellationRequested,
            $"The server was killed after {Patience.TotalSeconds} s. It had said: {await output}{await errors}");
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
