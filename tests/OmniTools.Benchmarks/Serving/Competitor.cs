namespace OmniTools.Benchmarks.Serving;

/// <summary>A server to be started, and the tool it is asked for.</summary>
internal sealed record Competitor(string Name, string Program, IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string?> Environment, string Tool, string ToolArguments);
