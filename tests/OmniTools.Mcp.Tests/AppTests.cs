using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Apps;
using static OmniTools.Mcp.Tests.AppFixture;

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
        AssertText.DoesNotContain("_meta", plain.Tools);
        AssertText.DoesNotContain("ui://", plain.Resources + plain.Templates);
        AssertText.DoesNotContain("omni://files", plain.Templates);
        AssertText.Contains(ClipsView.Uri, withView.Resources);
        AssertText.Contains("omni://files/{task_id}", withView.Templates);
    }

    [Fact]
    public async Task WithTheExtension_WaitSaveAndListNameTheView()
    {
        await using var server = await StartAsync();

        var tools = await server.Client.ListToolsAsync();

        var withView = tools.Where(tool => tool.ProtocolTool.Meta?["ui"]?["resourceUri"]?.ToString() == ClipsView.Uri);
        Assert.Equal(["wait_video_task", "save_video", "list_video_tasks"], withView.Select(tool => tool.Name));
    }

    [Fact]
    public async Task TheView_IsOneHtmlDocumentThatMayLoadNothing()
    {
        await using var server = await StartAsync();

        var read = Assert.IsType<TextResourceContents>(
            (await server.Client.ReadResourceAsync(ClipsView.Uri)).Contents.Single());

        Assert.Equal("text/html;profile=mcp-app", read.MimeType);
        Assert.Equal("{}", read.Meta!["ui"]!["csp"]!.ToJsonString());
        AssertText.StartsWith("<!doctype html>", read.Text);
        AssertText.Contains("default-src 'none'", read.Text);
        AssertText.Contains("media-src data:;", read.Text);
        AssertText.DoesNotContain("https://", read.Text);
    }

    [Fact]
    public async Task WithoutTheExtension_NeitherTheViewNorAFileCanBeRead()
    {
        await using var server = await ServerFixture.StartAsync();
        var (id, _) = await SaveAsync(server);

        await RefusedAsync(server, ClipsView.Uri, "There is no such resource");
        await RefusedAsync(server, "omni://files/" + id, "There is no such resource");
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
            ",\"_meta\":{\"ui\":{\"resourceUri\":\"ui://omnitools/clips.html\"}}", "", StringComparison.Ordinal);
}
