using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Tests;

/// <summary>What a call tells whoever made it, and what a request tells of itself.</summary>
public sealed class ToolCallTests
{
    [Fact]
    public async Task ReportAsync_WithoutAProgressToken_SendsNothing_AndACancelledCallThrowsOnlyWithOne()
    {
        var silent = new ToolCall(
            null!, null!, null!, null!, ProgressToken: null, AcceptsTask: false, RawArguments: null!);
        var cancelled = new CancellationToken(canceled: true);

        await silent.ReportAsync(1, "1 of 1 done", cancelled);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            (silent with { ProgressToken = new ProgressToken("p") }).ReportAsync(1, "1 of 1 done", cancelled));
    }

    [Theory]
    [InlineData("""{"name":"save_video"}""", "save_video")]
    [InlineData("""{"name":7}""", "7")]
    [InlineData("""{"name":null}""", null)]
    [InlineData("{}", null)]
    [InlineData("""["save_video"]""", null)]
    [InlineData("null", null)]
    public void ToolCall_ReadName_AcceptsAnyJson(string parameters, string? name) =>
        Assert.Equal(name, ToolCall.ReadName(
            new() { Id = new(1), Method = "tools/call", Params = JsonNode.Parse(parameters) }));
}
