namespace OmniTools.Mcp.Tests;

/// <summary>One call of Mistakes.md.</summary>
/// <param name="Title">What is unwise about it.</param>
/// <param name="Call">The tool and its arguments as JSON; <c>time passes</c> ends all running tasks.</param>
internal sealed record MistakenCall(string Title, string Call);
