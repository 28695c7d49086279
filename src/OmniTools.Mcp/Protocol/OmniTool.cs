using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;
using OmniTools.Requests;

namespace OmniTools.Mcp.Protocol;

/// <summary>One tool: its description, its parameters and its work.</summary>
/// <param name="name">The name on the wire.</param>
/// <param name="title">The name that clients show.</param>
/// <param name="description">
/// When to use the tool, what it costs, how long it takes, and which tool comes next.
/// </param>
/// <param name="annotations">Whether the tool reads, writes or can be repeated, for clients.</param>
/// <param name="input">The parameters.</param>
internal abstract class OmniTool(
    string name, string title, string description, ToolAnnotations annotations, InputSchema input)
{
    public string Name => name;

    public InputSchema Input => input;

    /// <summary>Whether a repeated call buys nothing.</summary>
    public bool IsIdempotent => annotations.IdempotentHint == true;

    /// <summary>Whether a call can cost money. The default is false.</summary>
    public virtual bool SpendsMoney => false;

    /// <summary>The request that a call of a tool that spends money describes; null for the other tools.</summary>
    public virtual VideoRequest? CreateRequest(ToolCall call) => null;

    /// <summary>
    /// Runs the call. Returns a <see cref="CallToolResult"/> or, where <see cref="ToolCall.AcceptsTask"/>, a task of
    /// the tasks extension. The caller turns an <see cref="OmniException"/> into an error result.
    /// </summary>
    public abstract Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken);

    /// <summary>The tool as a client lists it.</summary>
    public Tool Describe() => new()
    {
        Name = name,
        Title = title,
        Description = description,
        InputSchema = input.ToJson(),
        OutputSchema = OutputSchemas.Get(name),
        Annotations = annotations,
    };
}
