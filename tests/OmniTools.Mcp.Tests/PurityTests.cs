using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// stdout carries only protocol messages, and no stream carries the key, even with all logging and a provider that
/// repeats the key.
/// </summary>
public sealed class PurityTests
{
    [Fact]
    public async Task Standard_output_carries_only_protocol_and_no_stream_the_key()
    {
        await using var provider = await LoopbackProvider.StartAsync(Contract.ApiMart);
        using var server = ServerProcess.Start(
            Directory.CreateDirectory(provider.Folder["work"]).FullName,
            [
                ("APIMART_API_KEY", provider.ApiKey), ("APIMART_BASE_URL", provider.BaseAddress),
                ("OMNI_PROVIDER", "apimart"),
            ],
            "--debug");
        provider.Next(
            RequestKind.Get, Fault.Status(500, $$$"""{"error":{"message":"no luck with {{{provider.ApiKey}}}"}}"""));
        await server.GreetAsync();

        var calls = new[]
        {
            """{"name":"get_provider_status"}""",
            """{"name":"generate_video","arguments":{"prompt":"a fox","request_key":"fox"}}""",
            """{"name":"wait_video_task","arguments":{"task_ids":["fox"],"timeout_seconds":40},"_meta":"""
                + """{"progressToken":7}}""",
            """{"name":"save_video","arguments":{"task_id":"fox"}}""",
            """{"name":"list_video_tasks"}""",
            """{"name":"get_video_task","arguments":{"task_id":"nowhere"}}""",
            """{"name":"generate_video","arguments":{"prompt":5}}""",
        };
        var answers = new List<JsonElement>();
        for (var i = 0; i < calls.Length; i++)
            answers.Add(await server.AskAsync(100 + i, "tools/call", calls[i]));
        await server.SendAsync("this is no message");
        server.EndInput();
        var (rest, errors) = await server.EndAsync();

        AssertText.Contains("Saved: ", answers[3].GetRawText());
        Assert.All(server.Lines.Concat(rest.Split('\n')[..^1]), line =>
            Assert.Equal("2.0", JsonElement.Parse(line).GetProperty("jsonrpc").GetString()));
        Assert.True(rest.Length == 0 || rest.EndsWith('\n'), "the output ends with a whole line");
        AssertText.DoesNotContain(provider.ApiKey, string.Concat(server.Lines) + rest + errors);
        foreach (var trace in new[] { "tools/call generate_video", $"POST {provider.BaseAddress}", "ledger: " })
            AssertText.Contains(trace, errors);
        AssertText.DoesNotContain("a fox", errors);
    }

    [Fact]
    public async Task A_full_disk_for_the_log_ends_no_call()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full");
        using var folder = new TemporaryFolder();
        using var server = ServerProcess.Of(
            "sh",
            folder.Path,
            [("OMNI_SANDBOX", "1")],
            "-c",
            $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll")}' --debug 2>/dev/full");
        await server.GreetAsync();
        var answer = await server.AskAsync(
            2, "tools/call", """{"name":"generate_video","arguments":{"prompt":"a fox"}}""");
        AssertText.Contains("\"id\":", answer.GetProperty("structuredContent").GetRawText());
    }
}
