namespace OmniTools.Mcp.Tests;

/// <summary>One block of the approved text: what an assistant does, and what it is told.</summary>
/// <param name="Title">What is unwise about it.</param>
/// <param name="Call">
/// The tool and its arguments as JSON; <c>time passes</c> lets what runs at the provider end.
/// </param>
internal sealed record MistakenCall(string Title, string Call);
