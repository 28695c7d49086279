using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>The commands of the program: demo, check and their exit codes.</summary>
public sealed class CommandLineTests : IDisposable
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
        AssertText.Contains(file, output);
        AssertText.Contains("TOAPIS_API_KEY", output);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_demo_depends_on_no_limit_and_no_choice_of_the_user()
    {
        using var demo = ServerProcess.Start(
            folder,
            [
                ("OMNI_MAX_VIDEOS_PER_DAY", "0"), ("OMNI_MAX_CREDITS_PER_DAY", "0"), ("OMNI_MAX_USD_PER_DAY", "0"),
                ("OMNI_CONFIRM_ABOVE", "0"), ("OMNI_PROVIDER", "foo"), ("OMNI_SANDBOX", "yes"),
                (SandboxSpeed.Variable, SandboxSpeed.Seconds),
            ],
            "demo");

        var (output, errors) = await demo.EndAsync();

        Assert.True(demo.ExitCode == 0, output + errors);
        var (command, arguments) = ServerProcess.Program;
        AssertText.Contains(string.Join(' ', [command, .. arguments, "check"]), output);
        AssertText.Contains("Connect-OmniProvider -Sandbox", output);
    }

    [Fact]
    public async Task A_demo_whose_clip_fails_says_that_it_was_the_sandbox()
    {
        using var demo = ServerProcess.Start(folder, "demo", "a fox [fail]");

        var (_, errors) = await demo.EndAsync();

        Assert.Equal(1, demo.ExitCode);
        AssertText.Contains("This was the sandbox: no money was spent.", errors);
        AssertText.DoesNotContain("Nothing was billed", errors);
        AssertText.DoesNotContain("omnitools-mcp check", errors);
    }

    [Theory]
    [InlineData("", "TOAPIS_API_KEY", "OMNI_SANDBOX=1", "Not ready")]
    [InlineData("1", "Sandbox", "Ready.")]
    [InlineData("yes", "OMNI_SANDBOX", "Received: yes")]
    public async Task Check_ReportsInTenLinesWhatIsMissing(string sandbox, params string[] words)
    {
        using var check = ServerProcess.Start(
            folder, [("OMNI_SANDBOX", sandbox), ("TOAPIS_API_KEY", ""), ("APIMART_API_KEY", "")], "check");

        var (output, errors) = await check.EndAsync();

        Assert.Equal(sandbox == "1" ? 0 : 1, check.ExitCode);
        Assert.InRange(output.TrimEnd().Split('\n').Length, 1, 10);
        Assert.All(words, word => AssertText.Contains(word, output));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Check_ProviderThatDoesNotExist_IsNotReady()
    {
        using var check = ServerProcess.Start(
            folder, [("OMNI_SANDBOX", "1"), ("OMNI_PROVIDER", "apimrat")], "check");

        var (output, _) = await check.EndAsync();

        Assert.Equal(1, check.ExitCode);
        AssertText.Contains("Received: apimrat. Allowed: toapis, apimart.", output);
        AssertText.Contains("Not ready", output);
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
        AssertText.Contains("Ledger: PostgreSQL 127.0.0.1:1/ledger.", output);
        AssertText.Contains("cannot be reached", output);
        AssertText.DoesNotContain("s3cret", output + errors);
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
    public async Task Ledger_upgrade_names_the_ledger_and_its_versions_and_changes_nothing_twice()
    {
        using var first = ServerProcess.Start(folder, "ledger", "upgrade");
        AssertText.Contains("It was made new, with version", (await first.EndAsync()).Output);
        using var second = ServerProcess.Start(folder, "ledger", "upgrade");
        var (output, errors) = await second.EndAsync();
        Assert.Equal((0, ""), (second.ExitCode, errors));
        AssertText.Contains("ledger.db", output);
        AssertText.Contains("Nothing was changed", output);

        using var away = ServerProcess.Start(folder, [("OMNI_SANDBOX", ""),
            ("OMNI_LEDGER", "postgresql://omni:s3cret@127.0.0.1:1/ledger")], "ledger", "upgrade");
        (output, errors) = await away.EndAsync();
        Assert.Equal((1, ""), (away.ExitCode, output));
        AssertText.Contains("cannot be reached", errors);
        AssertText.DoesNotContain("s3cret", errors);
    }

    [Fact]
    public async Task The_configuration_it_prints_starts_the_program_that_printed_it()
    {
        var program = Path.Combine(
            AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "OmniTools.Mcp.exe" : "OmniTools.Mcp");
        using var own = ServerProcess.Of(program, folder, [], "--help");
        using var hosted = ServerProcess.Start(folder, "--help");
        var (command, arguments) = ServerProcess.Program;

        AssertText.Contains(
            $"\"command\": {JsonSerializer.Serialize(program)}, \"env\"", (await own.EndAsync()).Output);
        Assert.Contains(
            $"\"command\": {JsonSerializer.Serialize(command)}, {(arguments.Count > 0 ? "\"args\": [" : "\"env\"")}",
            (await hosted.EndAsync()).Output,
            StringComparison.Ordinal);
    }
}
