using System.Text;
using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The published program on every platform: lost answers, cut downloads, limits. <c>OMNI_TEST_SERVER</c> names it; the
/// default is the one that was built. <c>.ci/wine</c> runs these with the server for Windows.
/// </summary>
public sealed class PublishedServerTests : IDisposable
{
    private static readonly byte[] Content = Mp4Sample.Bytes(filler: 600_000, mark: "the clip");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Contract.ToApis)]
    [InlineData(Contract.ApiMart)]
    public async Task GenerateVideo_AnswerLostAndServerKilled_IsBoughtOnce(Contract contract)
    {
        await using var provider = await LoopbackProvider.StartAsync(contract);
        provider.Next(RequestKind.Post, Fault.HangAfterAccepting);
        using (var first = Start(provider))
        {
            await first.GreetAsync();
            await first.SendAsync(Call(2, Order("fox")));
            await provider.WhenRequestAsync(request => request.IsSubmit);
            first.Process.Kill();
            await first.Process.WaitForExitAsync();
        }
        Assert.Equal(1, provider.Creates);

        using var second = Start(provider);
        await second.GreetAsync();
        var again = await second.AskAsync(2, "tools/call", Order("fox"));

        AssertText.Contains(provider.Tasks.Single().Id, again.GetRawText());
        Assert.Equal(1, provider.Creates);
    }

    [Fact]
    public async Task SaveVideo_TransferCutAndServerKilled_IsContinuedWhereItEnded()
    {
        await using var provider = await LoopbackProvider.StartAsync(Contract.ApiMart);
        provider.Next(RequestKind.File, Fault.HoldAfter(100_000));
        string id;
        using (var first = Start(provider))
        {
            await first.GreetAsync();
            id = (await first.AskAsync(2, "tools/call", Order("fox"))).GetProperty("structuredContent").TaskId();
            provider.Complete(id, [provider.Serve("fox.mp4", Content)]);
            await first.SendAsync(Call(3, Save(id)));
            await WhenPartHasAsync(100_000);
            first.Process.Kill();
            await first.Process.WaitForExitAsync();
        }

        using var second = Start(provider);
        await second.GreetAsync();
        var saved = await second.AskAsync(2, "tools/call", Save(id));

        var path = saved.GetProperty("structuredContent").GetProperty("files")[0].GetProperty("path").GetString()!;
        Assert.Equal(Content, await File.ReadAllBytesAsync(path));
        Assert.Equal([null, "bytes=100000-"],
            provider.Requests.Where(request => request.IsFile)
            .Select(request => request.Headers.GetValueOrDefault("Range")));
        Assert.Empty(Directory.GetFiles(folder["clips"], "*.part*"));
    }

    [Fact]
    public async Task GenerateVideo_TwoServersAndALimitOfOne_BuyOne()
    {
        await using var provider = await LoopbackProvider.StartAsync(Contract.ToApis);
        using var one = Start(provider, ("OMNI_MAX_VIDEOS_PER_DAY", "1"));
        using var two = Start(provider, ("OMNI_MAX_VIDEOS_PER_DAY", "1"));
        await Task.WhenAll(one.GreetAsync(), two.GreetAsync());

        var answers = await Task.WhenAll(one.AskAsync(2, "tools/call", Order("fox")),
            two.AskAsync(2, "tools/call", Order("owl")));

        var refused = Assert.Single(answers,
            answer => answer.TryGetProperty("isError", out var isError) && isError.GetBoolean());
        AssertText.Contains("OMNI_MAX_VIDEOS_PER_DAY", refused.GetRawText());
        Assert.Equal(1, provider.Creates);
    }

    [Fact]
    public async Task Serve_InputWithAByteOrderMarkAndCarriageReturns_AnswersInUtf8WithoutThem()
    {
        using var server = ServerProcess.Start(folder.Path, [("OMNI_SANDBOX", "1"), ("OMNI_SANDBOX_SECONDS", "0")]);
        var input = server.Process.StandardInput.BaseStream;
        await input.WriteAsync((byte[])[0xEF, 0xBB, 0xBF]);
        await input.WriteAsync(Encoding.UTF8.GetBytes(
            ServerProcess.Initialize
            + "\r\n"
            + """{"jsonrpc":"2.0","method":"notifications/initialized"}""" + "\r\n"
            + Call(2,
            """{"name":"generate_video","arguments":{"prompt":"ein Fuchs, Füße, 狐 🦊","request_key":"fox"}}""")
            + "\r\n"));
        await input.FlushAsync();
        var output = await ReadAsync(server.Process.StandardOutput.BaseStream, "\"id\":2");
        await server.SendAsync(Call(3, """{"name":"save_video","arguments":{"task_id":"fox"}}"""));
        output = [.. output, .. await ReadAsync(server.Process.StandardOutput.BaseStream, "\"id\":3")];

        AssertText.Contains("serverInfo", Encoding.UTF8.GetString(output));
        Assert.Equal((byte)'{', output[0]);
        Assert.DoesNotContain((byte)'\r', output);
        AssertText.Contains("ein-fuchs-füße-狐",
            Path.GetFileName(Assert.Single(Directory.GetFiles(folder["clips"], "*.mp4"))));
        var last = JsonElement.Parse(
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output).TrimEnd().Split('\n')[^1]);
        AssertText.Contains("füße-狐",
            last.GetProperty("result").GetProperty("structuredContent").GetProperty("files")[0].GetProperty("path")
            .GetString());
    }

    private ServerProcess Start(LoopbackProvider provider, params (string Name, string Value)[] more)
    {
        var prefix = provider.ProviderId.ToUpperInvariant();
        return ServerProcess.Start(folder.Path,
            [("OMNI_PROVIDER", provider.ProviderId), ($"{prefix}_API_KEY", provider.ApiKey),
            ($"{prefix}_BASE_URL", provider.BaseAddress), .. more]);
    }

    private static string Order(string key) =>
        $$$"""{"name":"generate_video","arguments":{"prompt":"a {{{key}}}","request_key":"{{{key}}}"}}""";

    private static string Save(string id) => $$$"""{"name":"save_video","arguments":{"task_id":"{{{id}}}"}}""";

    private static string Call(int id, string parameters) =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{{parameters}}}""";

    private async Task WhenPartHasAsync(long bytes)
    {
        var clips = Directory.CreateDirectory(folder["clips"]);
        var isThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(clips.FullName, "*.part");
        watcher.Created += (_, _) => Check();
        watcher.Changed += (_, _) => Check();
        watcher.EnableRaisingEvents = true;
        Check();
        await isThere.Task.WaitAsync(TimeSpan.FromMinutes(1));

        void Check()
        {
            if (clips.GetFiles("*.part").Any(part => part.Length == bytes))
                isThere.TrySetResult();
        }
    }

    private static async Task<byte[]> ReadAsync(Stream output, string end)
    {
        var all = new MemoryStream();
        var buffer = new byte[4096];
        while (!Encoding.UTF8.GetString(all.ToArray()).Contains(end, StringComparison.Ordinal))
        {
            var read = await output.ReadAsync(buffer);
            Assert.True(read > 0, Encoding.UTF8.GetString(all.ToArray()));
            all.Write(buffer, 0, read);
        }
        return all.ToArray();
    }
}
