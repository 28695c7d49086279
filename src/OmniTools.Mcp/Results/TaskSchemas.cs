namespace OmniTools.Mcp.Results;

/// <summary>
/// The output schemas of a task. An assistant reads every schema with the tool list, so only get_video_task lists all
/// fields; the other tools list those that are always present.
/// </summary>
internal static class TaskSchemas
{
    private const string String = """{"type":"string"}""";
    private const string Integer = """{"type":"integer"}""";

    public const string Full = $$$"""
        {"type":"object","properties":{
          "id":{{{String}}},"request_key":{{{String}}},"provider":{{{String}}},"model":{{{String}}},
          "status":{{{String}}},"raw_status":{{{String}}},"progress":{{{Integer}}},"prompt":{{{String}}},
          "aspect_ratio":{{{String}}},"duration":{{{Integer}}},"resolution":{{{String}}},
          "created_at":{{{String}}},"completed_at":{{{String}}},"estimated_seconds":{{{Integer}}},
          "cost":{"type":"number","description":"US dollars"},
          "credits":{"type":"number","description":"10 = $1"},
          "videos":{"type":"array","items":{"type":"object","properties":{
            "url":{{{String}}},"expires_at":{{{String}}},"saved_path":{{{String}}},"sha256":{{{String}}}
          },"required":["url"]}},
          "error":{"type":"object","properties":{
            "kind":{{{String}}},"code":{{{String}}},"message":{{{String}}},"charged":{"enum":["no","yes","unknown"]}
          },"required":["kind","charged"]},
          "is_sandbox":{"type":"boolean"}
        },"required":["request_key","provider","status","created_at","is_sandbox"]}
        """;

    public const string Brief = """{"type":"object","required":["request_key","status"]}""";
}
