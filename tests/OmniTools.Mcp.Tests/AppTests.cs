using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Apps;
using OmniTools.Mcp.Resources;
using OmniTools.Testing;

namespace OmniTools.Mcp.Tests;

/// <summary>The view of clips: who is offered it, and which files it can read.</summary>
public sealed class AppTests : IDisposable
{
    private const string Declared =
        """{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}}""";
    private const string OtherTypes =
        """{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["application/x-other"]}}}""";
    private const string OtherExtension = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{}", false)]
    [InlineData("{}", true)]
    [InlineData(OtherExtension, false)]
    [InlineData(OtherExtension, true)]
    [InlineData(OtherTypes, false)]
    [InlineData(OtherTypes, true)]
    public async Task WithoutTheExtension_ToolsResourcesAndTemplatesAreByteForByteTheSame(
        string capabilities, bool isStateless)
    {
        var plain = await ListsAsync(capabilities, isStateless);
        var withView = await ListsAsync(Declared, isStateless);

        Assert.Equal(WithoutViews(withView.Tools), plain.Tools);
        Assert.DoesNotContain("_meta", plain.Tools, StringComparison.Ordinal);
        Assert.DoesNotContain("ui://", plain.Resources + plain.Templates, StringComparison.Ordinal);
        Assert.DoesNotContain("omni://files", plain.Templates, StringComparison.Ordinal);
        Assert.Contains(ClipsView.Uri, withView.Resources, StringComparison.Ordinal);
        Assert.Contains("omni://files/{task_id}", withView.Templates, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheExtension_WaitSaveAndListNameTheView()
    {
        await using var server = await StartAsync();

        var tools = await server.Client.ListToolsAsync(cancellationToken: Cancellation);

        var withView = tools.Where(tool => tool.ProtocolTool.Meta?["ui"]?["resourceUri"]?.ToString() == ClipsView.Uri);
        Assert.Equal(["wait_video_task", "save_video", "list_video_tasks"], withView.Select(tool => tool.Name));
    }

    [Fact]
    public async Task TheView_IsOneHtmlDocumentThatMayLoadNothing()
    {
        await using var server = await StartAsync();

        var read = Assert.IsType<TextResourceContents>(
            (await server.Client.ReadResourceAsync(ClipsView.Uri, cancellationToken: Cancellation)).Contents.Single());

        Assert.Equal("text/html;profile=mcp-app", read.MimeType);
        Assert.Equal("{}", read.Meta!["ui"]!["csp"]!.ToJsonString());
        Assert.StartsWith("<!doctype html>", read.Text, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", read.Text, StringComparison.Ordinal);
        Assert.Contains("media-src data:;", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheExtension_NeitherTheViewNorAFileCanBeRead()
    {
        await using var server = await ServerFixture.StartAsync();
        var (id, _) = await SaveAsync(server);

        await RefusedAsync(server, ClipsView.Uri, "There is no such resource");
        await RefusedAsync(server, "omni://files/" + id, "There is no such resource");
    }

    [Fact]
    public async Task ASavedFile_IsReadWholeByTaskIdAndByRequestKey()
    {
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);

        foreach (var handle in new[] { id, "scene" })
        {
            var read = Assert.IsType<BlobResourceContents>(
                (
                    await server.Client.ReadResourceAsync("omni://files/" + handle, cancellationToken: Cancellation)
                ).Contents.Single());
            Assert.Equal("video/mp4", read.MimeType);
            Assert.Equal(
                SHA256.HashData(await File.ReadAllBytesAsync(path, Cancellation)),
                SHA256.HashData(read.DecodedData.Span));
        }
    }

    [Fact]
    public async Task AFileThatChangedOrIsGone_IsRefusedWithTheNextCall()
    {
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);

        await File.AppendAllTextAsync(path, "more", Cancellation);
        Assert.Contains(
            "save_video",
            await RefusedAsync(server, "omni://files/" + id, "has changed since it was saved"),
            StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains(
            "save_video",
            await RefusedAsync(server, "omni://files/" + id, "no file on this machine"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileAbove16MB_IsRefusedWithItsPathAndSize()
    {
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);
        await using (var file = File.OpenWrite(path))
            file.SetLength(SavedFileReader.MaximumBytes + 1);

        var refusal = await RefusedAsync(server, "omni://files/" + id, "at most 16777216 (16 MB)");
        Assert.Contains(path, refusal, StringComparison.Ordinal);
        Assert.Contains("16777217", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALinkBelowTheOutputRoot_ThatLeadsOutOfIt_IsNotRead()
    {
        Assert.SkipUnless(SymbolicLinks.Missing is null, SymbolicLinks.Missing ?? "");
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);
        var elsewhere = folder["elsewhere.mp4"];
        File.Move(path, elsewhere);
        File.CreateSymbolicLink(path, elsewhere);
        await RefusedAsync(server, "omni://files/" + id, "leads out of the output root");
    }

    [Fact]
    public async Task AFileOutsideTheOutputRoot_IsNotRead()
    {
        await using var server = await StartAsync();
        // Saved by another program of the same user, which is not confined to the folder.
        var other = server.Session.Client.FindTask(await MakeAsync(server, "other"))!;
        await server.Session.Client.SaveVideosAsync(other, new() { Folder = folder["outside"] },
            cancellationToken: Cancellation);
        await RefusedAsync(server, "omni://files/" + other.Id, "leads out of the output root");
    }

    [Theory]
    [InlineData("omni://files/nowhere")]
    [InlineData("omni://files/")]
    [InlineData("omni://files/../../etc/passwd")]
    [InlineData("omni://files/%2Fetc%2Fpasswd")]
    [InlineData("ui://omnitools/other.html")]
    public async Task WhatTheLedgerDoesNotKnow_IsNoResource(string uri)
    {
        await using var server = await StartAsync();

        await RefusedAsync(server, uri, "There is no such resource");
    }

    [Fact]
    public async Task AFileThatIsNoMp4_IsNotRead()
    {
        await using var server = await StartAsync();
        var (_, path) = await SaveAsync(server);
        var video = server.Session.Client.FindTask("scene")!;
        var other = Path.ChangeExtension(path, ".webm");
        File.Copy(path, other);

        var refusal = await Assert.ThrowsAsync<OmniException>(() =>
            SavedFileReader.ReadAsync(
                server.Session,
                video with
                {
                    Videos = [video.Videos[0] with { SavedPath = other }],
                },
                Cancellation));

        Assert.Contains("not an MP4", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<ServerFixture> StartAsync() =>
        ServerFixture.StartAsync(
            options: new McpClientOptions
            {
                Capabilities = new()
                {
                    Extensions = new Dictionary<string, object>
                    {
                        [AppExtensionSupport.Extension] = JsonNode.Parse(
                            """{"mimeTypes":["text/html;profile=mcp-app"]}""")!,
                    },
                },
            });

    private static async Task<(string Id, string Path)> SaveAsync(ServerFixture server)
    {
        var id = await MakeAsync(server, "scene");
        var saved = await server.GetAsync("save_video", $$"""{"task_id":"{{id}}","path":"clip.mp4"}""");
        return (id, saved.GetProperty("files")[0].GetProperty("path").GetString()!);
    }

    private static async Task<string> MakeAsync(ServerFixture server, string key)
    {
        var made = await server.GetAsync(
            "generate_video", $$"""{"prompt":"a fox","provider":"toapis","request_key":"{{key}}"}""");
        var id = made.GetProperty("task").GetProperty("id").GetString()!;
        await server.GetAsync("wait_video_task", $$"""{"task_ids":["{{id}}"]}""");
        return id;
    }

    private static async Task<string> RefusedAsync(ServerFixture server, string uri, string words)
    {
        var refusal = await Assert.ThrowsAsync<McpProtocolException>(() =>
            server.Client.ReadResourceAsync(uri, cancellationToken: Cancellation).AsTask());
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    private async Task<(string Tools, string Resources, string Templates)> ListsAsync(
        string capabilities, bool isStateless)
    {
        using var server = ServerProcess.Start(folder.Path);
        if (!isStateless)
        {
            await server.SendAsync(
                """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
                    + """{"protocolVersion":"2025-06-18","clientInfo":{"name":"test","version":"1"},"capabilities":"""
                    + capabilities
                    + "}}");
            await server.ReadAsync();
            await server.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        }
        var parameters = isStateless
            ? """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","""
                + "\"io.modelcontextprotocol/clientCapabilities\":"
                + capabilities
                + "}}"
            : "{}";
        var lists = (await TextAsync(2, "tools/list", "tools"), await TextAsync(3, "resources/list", "resources"),
            await TextAsync(4, "resources/templates/list", "resourceTemplates"));
        server.EndInput();
        await server.EndAsync();
        return lists;

        async Task<string> TextAsync(int id, string method, string list) =>
            (await server.AskAsync(id, method, parameters)).GetProperty(list).GetRawText();
    }

    private static string WithoutViews(string tools) =>
        tools.Replace(
            ",\"_meta\":{\"ui\":{\"resourceUri\":\"ui://omnitools/clips.html\"}}",
            "",
            StringComparison.Ordinal);
}
