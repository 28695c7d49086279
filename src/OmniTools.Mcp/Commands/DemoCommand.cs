using System.Text.Json;
using ModelContextProtocol.Client;
using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Commands;

/// <summary>Acts as an assistant: starts this server like a client does and makes one clip in the sandbox.</summary>
internal static class DemoCommand
{
    public const string DefaultPrompt = "A red fox runs through fresh snow at dawn, slow pan, soft wind";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // The user's provider and limits are for real clips.
    private static readonly string[] Unset =
    [
        "OMNI_PROVIDER", "OMNI_MAX_VIDEOS_PER_DAY", "OMNI_MAX_CREDITS_PER_DAY", "OMNI_MAX_USD_PER_DAY",
        "OMNI_CONFIRM_ABOVE",
    ];

    private static string End =>
        "\nThis was the sandbox: no money was spent. To see what is wrong: "
        + ClientConfigSnippet.FormatCommand("check");

    public static async Task<int> RunAsync(string prompt)
    {
        using var stopping = new CancellationTokenSource(Limit);
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stopping.Cancel();
        };
        try
        {
            await PlayAsync(prompt, stopping.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"The demo was stopped, or took longer than {Limit.TotalSeconds} seconds.{End}");
        }
        catch (Exception failure) when (failure is DemoFailure or IOException or ModelContextProtocol.McpException
            or UnauthorizedAccessException or KeyNotFoundException)
        {
            await Console.Error.WriteLineAsync($"The demo did not work: {failure.Message}{End}");
        }
        return 1;
    }

    private static async Task PlayAsync(string prompt, CancellationToken cancellationToken)
    {
        Console.WriteLine(
            "An assistant makes a clip over MCP, in the sandbox: no key, no network, nothing is billed.\n");
        await using var client = await McpClient.CreateAsync(Server(), cancellationToken: cancellationToken);
        var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
        Console.WriteLine($"Server   {client.ServerInfo?.Name} {client.ServerInfo?.Version}, tools: "
            + string.Join(", ", tools.Select(tool => tool.Name)));

        var generated = await CallAsync("generate_video", new() { ["prompt"] = prompt });
        var task = generated.GetProperty("task");
        var id = (task.TryGetProperty("id", out var given) ? given : task.GetProperty("request_key")).GetString()!;
        Console.WriteLine($"Accepted {id} by {task.GetProperty("provider").GetString()}");

        using (var line = new ProgressLine())
        {
            var waited = await CallAsync("wait_video_task", new()
            {
                ["task_ids"] = JsonElement.Parse($"[{SuggestedCall.QuoteJson(id)}]"),
                ["timeout_seconds"] = (int)Limit.TotalSeconds,
            }, line);
            if (!waited.GetProperty("all_ended").GetBoolean())
                throw new DemoFailure("the clip was not made in time.");
        }

        var saved = await CallAsync("save_video", new() { ["task_id"] = id });
        var file = saved.GetProperty("files")[0];
        Console.WriteLine(
            $"""
            Saved    {file.GetProperty("path").GetString()}
                     ({file.GetProperty("bytes").GetInt64()} bytes, a complete MP4)

            What next
              Real clips: set TOAPIS_API_KEY or APIMART_API_KEY, then see: {ClientConfigSnippet.FormatCommand("check")}
              {ClientConfigSnippet.Text.ReplaceLineEndings("\n  ")}
              PowerShell 7.4 or later, in a clone of OmniTools:
                ./build.ps1; Import-Module ./artifacts/module/OmniTools; Connect-OmniProvider -Sandbox
                New-OmniVideo 'a fox in the snow' | Wait-OmniVideoTask | Save-OmniVideo -Path ./clips
            """);

        async Task<JsonElement> CallAsync(
            string tool, Dictionary<string, object?> arguments, ProgressLine? progress = null)
        {
            var result = await client.CallToolAsync(tool, arguments, progress, cancellationToken: cancellationToken);
            if (result.IsError == true)
                throw new DemoFailure($"{tool} answered: "
                    + string.Join(' ', result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
            return result.StructuredContent ?? throw new DemoFailure($"{tool} answered without structured content.");
        }
    }

    private static StdioClientTransport Server()
    {
        var (command, arguments) = ClientConfigSnippet.OwnCommand;
        var root = Environment.GetEnvironmentVariable("OMNI_OUTPUT_ROOT");
        var variables = Unset.ToDictionary(name => name, _ => (string?)"");
        variables["OMNI_SANDBOX"] = "1";
        variables["OMNI_OUTPUT_ROOT"] =
            string.IsNullOrEmpty(root) ? Path.Combine(Environment.CurrentDirectory, "clips") : root;
        return new(new()
        {
            Name = "omnitools",
            Command = command,
            Arguments = [.. arguments],
            EnvironmentVariables = variables,
        });
    }

    private sealed class DemoFailure(string message) : Exception(message);
}
