using OmniTools.Configuration;
using OmniTools.Core.Tests.Http;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>The key, searched for everywhere it does not belong, while everything that can go wrong does.</summary>
public sealed class SecretsTests
{
    [Theory, BothContracts]
    public async Task The_key_appears_in_no_ledger_log_or_error_even_when_the_provider_repeats_it(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        var key = fixture.Server.ApiKey;
        var said = new List<string>();
        using var listening = TraceSubscription.Start((_, line) =>
        {
            lock (said)
                said.Add(line);
        });
        var echo = """{"error":{"code":"KEY","message":"invalid key KEY","type":"KEY"}}""".Replace("KEY", key,
            StringComparison.Ordinal);
        foreach (var fault in new[] { Fault.Status(401, echo), Fault.Status(400, echo),
            Fault.Status(429, echo, ("Retry-After", "999")), Fault.ResetAfterAccepting, Fault.Status(200, key) })
        {
            fixture.Server.Next(RequestKind.Post, fault);
            said.Add(await SubmitAsync($"a cat {said.Count}"));
        }
        fixture.Server.Next(RequestKind.Get, Fault.Status(500, echo), Fault.Status(403, echo));
        said.Add((await Assert.ThrowsAsync<OmniException>(() => fixture.Client.GetBalanceAsync())).ToString());
        foreach (var task in fixture.Client.ListTasks())
            said.Add((await fixture.Client.GetTaskAsync(task.Reference)).ToString());
        said.Add(fixture.Settings.ToString());
        said.Add(string.Join(' ', fixture.Settings.Providers.Values));
        said.AddRange(Directory.GetFiles(fixture.Settings.Home, "*", SearchOption.AllDirectories)
            // An index, of which Windows keeps others from reading what is locked.
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)).Select(ReadOpenFile));

        Assert.True(said.Count > 20);
        Assert.All(said, text => Assert.DoesNotContain(key, text, StringComparison.OrdinalIgnoreCase));
        Assert.All(fixture.Server.Requests, request => Assert.Equal("Bearer " + key, request.Authorization));
        Assert.All(fixture.Server.Requests,
            request =>
            Assert.DoesNotContain(key, request.Path + request.Query + request.Body, StringComparison.Ordinal));

        static string ReadOpenFile(string path) =>
            System.Text.Encoding.UTF8.GetString(OmniTools.Files.HeldFile.ReadAllBytes(path));

        async Task<string> SubmitAsync(string prompt)
        {
            try
            {
                return (await fixture.Client.SubmitAsync(new VideoRequest { Prompt = prompt })).ToString();
            }
            catch (OmniException failure)
            {
                return failure + failure.Message;
            }
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nKEY\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: KEY\r\n\r\n")]
    [InlineData("KEY KEY KEY KEY\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nKEY\r\n")]
    public async Task The_key_repeated_by_a_malformed_response_is_in_no_error_or_inner_error(
    string answer)
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ToApis);
        using var broken = new RawServer(answer.Replace("KEY", fixture.Server.ApiKey, StringComparison.Ordinal));
        var settings = fixture.Settings.Providers["toapis"] with { BaseAddress = broken.Address };
        await using var client = fixture.NewProcess(
            fixture.Settings with { Providers = new Dictionary<string, ProviderSettings> { ["toapis"] = settings } });
        foreach (var error in new[] { await Assert.ThrowsAsync<OmniException>(() => client.GetBalanceAsync()),
            await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(new() { Prompt = "a cat" })) })
        {
            Assert.DoesNotContain(fixture.Server.ApiKey, error.ToString(), StringComparison.OrdinalIgnoreCase);
            for (Exception? inner = error; inner is not null; inner = inner.InnerException)
                Assert.DoesNotContain(fixture.Server.ApiKey, inner.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory, BothContracts]
    public async Task A_redirect_does_not_receive_the_key(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        await using var elsewhere = await LoopbackProvider.StartAsync(contract);
        fixture.Server.Next(RequestKind.Get, Fault.Redirect(elsewhere.BaseAddress + "/v1/balance"));
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.GetBalanceAsync());
        fixture.Server.Next(RequestKind.Post, Fault.Redirect(elsewhere.BaseAddress + "/v1/videos/generations"));
        await fixture.Client.SubmitAsync(new VideoRequest { Prompt = "a cat" });
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_child_process_writes_no_key_to_any_stream()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ApiMart);
        server.Next(RequestKind.Post,
            Fault.Status(401,
            """{"error":{"code":401,"message":"bad KEY"}}""".Replace("KEY", server.ApiKey, StringComparison.Ordinal)));
        using var child = ChildProcess.Submit(server, "k1", "a cat");
        Assert.Equal("Authentication", await child.ReadLineAsync());
        Assert.DoesNotContain(server.ApiKey, await child.ErrorsAsync(), StringComparison.Ordinal);
    }
}
