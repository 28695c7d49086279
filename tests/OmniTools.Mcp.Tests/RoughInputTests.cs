using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using OmniTools.Configuration;
using OmniTools.Mcp.Hosting;
using OmniTools.Mcp.Session;
using OmniTools.Sandbox;

namespace OmniTools.Mcp.Tests;

/// <summary>Lines that no good client sends, and more calls at once than any assistant makes.</summary>
public sealed class RoughInputTests : IAsyncLifetime
{
    private readonly Pipe toServer = new(new(pauseWriterThreshold: 0));
    private readonly Pipe toClient = new(new(pauseWriterThreshold: 0));
    private readonly string folder = Directory.CreateTempSubdirectory("omni-rough-").FullName;
    private readonly StreamReader answers;
    private Task serving = Task.CompletedTask;

    public RoughInputTests() => answers = new(toClient.Reader.AsStream());

    public ValueTask InitializeAsync()
    {
        var settings = new OmniSettings
        {
            Home = Path.Combine(folder, "home"),
            OutputRoot = Path.Combine(folder, "videos"),
            IsSandbox = true,
        };
        var session = new ServerSession(
            () => settings, each => SandboxClient.Create(each, TestSettings.Options), TimeProvider.System);
        serving = OmniServer.ServeAsync(
            session, toServer.Reader.AsStream(), toClient.Writer.AsStream(), CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await toServer.Writer.CompleteAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\0\u0001")]
    [InlineData("")]
    public async Task A_line_that_is_no_message_does_not_stop_the_server(string line)
    {
        await SendAsync(ServerProcess.Initialize);
        await AnswerToAsync(1);

        await SendAsync(line);
        await SendAsync("""{"jsonrpc":"2.0","id":9,"method":"ping"}""");

        Assert.True((await AnswerToAsync(9)).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_is_refused_in_a_few_words_and_the_next_call_is_served()
    {
        await SendAsync(ServerProcess.Initialize);
        await AnswerToAsync(1);

        await SendAsync(
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":"""
            + $$$$"""{"name":"generate_video","arguments":{"prompt":"{{{{new string('x', 10_000_000)}}}}"}}}"""
        );
        var refused = await AnswerToAsync(2);
        await SendAsync(
            """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"list_video_tasks","arguments":{}}}""");

        Assert.True(refused.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.InRange(refused.GetRawText().Length, 1, 1000);
        AssertText.Contains("No such tasks.", (await AnswerToAsync(3)).GetRawText());
    }

    [Fact]
    public async Task Fifty_calls_at_once_are_all_answered_and_buy_one_clip_for_each_key()
    {
        await SendAsync(ServerProcess.Initialize);
        await AnswerToAsync(1);

        var calls = Enumerable.Range(0, 50).Select(n =>
                $$$$"""{"jsonrpc":"2.0","id":{{{{n + 100}}}},"method":"tools/call","params":{"name":"generate_video","""
                + $$$$""" "arguments":{"prompt":"clip {{{{n % 5}}}}","request_key":"key-{{{{n % 5}}}}"}}}"""
            );
        await SendAsync(string.Join('\n', calls));
        var answered = new HashSet<int>();
        while (answered.Count < 50)
        {
            var answer = await NextAsync();
            Assert.False(
                answer.GetProperty("result").TryGetProperty("isError", out var isError) && isError.GetBoolean(),
                answer.GetRawText());
            answered.Add(answer.GetProperty("id").GetInt32());
        }

        Assert.Equal(
            5,
            Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories)
                .Count(file => file.Contains("provider", StringComparison.Ordinal)));
    }

    private async Task SendAsync(string line) =>
        await toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));

    // Every line of the output has to be a message.
    private async Task<JsonElement> NextAsync()
    {
        var line = await answers.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var message = JsonElement.Parse(line!);
        Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString());
        return message;
    }

    private async Task<JsonElement> AnswerToAsync(int id)
    {
        while (true)
        {
            var message = await NextAsync();
            if (
                message.TryGetProperty("id", out var given)
                && given.ValueKind == JsonValueKind.Number
                && given.GetInt32() == id)
                return message;
        }
    }
}
