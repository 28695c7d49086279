namespace OmniTools.Mcp.Results;

/// <summary>The output schemas of a task. The tool list has a budget: one tool spells all fields out, the others the ones that are always there.</summary>
internal static class TaskSchemas
{
    private const string Text = """{"type":"string"}""";
    private const string Whole = """{"type":"integer"}""";

    public const string Full =
        $$$"""
        {"type":"object","properties":{"id":{{{Text}}},"request_key":{{{Text}}},"provider":{{{Text}}},"model":{{{Text}}},"status":{{{Text}}},"raw_status":{{{Text}}},"progress":{{{Whole}}},"prompt":{{{Text}}},"aspect_ratio":{{{Text}}},"duration":{{{Whole}}},"resolution":{{{Text}}},"created_at":{{{Text}}},"completed_at":{{{Text}}},"estimated_seconds":{{{Whole}}},"cost":{"type":"number","description":"US dollars"},"credits":{"type":"number","description":"10 = $1"},"videos":{"type":"array","items":{"type":"object","properties":{"url":{{{Text}}},"expires_at":{{{Text}}},"saved_path":{{{Text}}},"sha256":{{{Text}}}},"required":["url"]}},"error":{"type":"object","properties":{"kind":{{{Text}}},"code":{{{Text}}},"message":{{{Text}}},"charged":{"enum":["no","yes","unknown"]}},"required":["kind","charged"]},"is_sandbox":{"type":"boolean"}},"required":["request_key","provider","status","created_at","is_sandbox"]}
        """;

    public const string Brief = """{"type":"object","required":["request_key","status"]}""";
}
