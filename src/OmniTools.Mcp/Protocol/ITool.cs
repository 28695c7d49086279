using System.Text.Json;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;
using OmniTools.Requests;

namespace OmniTools.Mcp.Protocol;

/// <summary>One tool: its description, its parameters and its work.</summary>
internal interface ITool
{
    string Name { get; }

    string Title { get; }

    /// <summary>When to use the tool, what it costs, how long it takes, and which tool comes next.</summary>
    string Description { get; }

    /// <summary>Created on first use: many conversations start the server and call no tool.</summary>
    InputSchema Input { get; }

    ToolAnnotations Annotations { get; }

    /// <summary>The JSON schema of the structured content.</summary>
    JsonElement OutputSchema => OutputSchemas.Get(Name);

    /// <summary>Whether a call can cost money. The default is false.</summary>
    bool SpendsMoney => false;

    /// <summary>The request that a call of a tool that spends money describes; null for the other tools.</summary>
    VideoRequest? CreateRequest(ToolCall call) => null;

    /// <summary>
    /// Runs the call. Returns a <see cref="CallToolResult"/> or, where <see cref="ToolCall.AcceptsTask"/>, a task of
    /// the tasks extension. The caller turns an <see cref="OmniException"/> into an error result.
    /// </summary>
    Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken);
}
