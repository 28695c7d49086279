using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Protocol.Parameters;

namespace OmniTools.Mcp.Protocol;

/// <summary>One tool: what it is called and takes, and what it does.</summary>
internal interface ITool
{
    string Name { get; }

    string Title { get; }

    /// <summary>For a new colleague: when to use it, what it costs, how long it takes, what comes next.</summary>
    string Description { get; }

    /// <summary>Made when it is first asked for: a server starts for many a conversation that needs no tool.</summary>
    InputSchema Input { get; }

    /// <summary>The schema of its structured content, as JSON.</summary>
    string OutputSchema { get; }

    ToolAnnotations Annotations { get; }

    /// <summary>Whether it can cost money. The default is false.</summary>
    bool SpendsMoney => false;

    /// <summary>
    /// Does the work and answers, with a <see cref="CallToolResult"/> or, where <see cref="ToolCall.AcceptsTask"/>, a task to be asked for.
    /// Every <see cref="Errors.OmniException"/> becomes an answer that says what to do.
    /// </summary>
    Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken);
}
