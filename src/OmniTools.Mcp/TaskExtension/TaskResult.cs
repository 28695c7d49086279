using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace OmniTools.Mcp.TaskExtension;

/// <summary>A task of the extension as it travels: in place of a tool's answer, and as the answer to <c>tasks/get</c>.</summary>
internal sealed class TaskResult : Result
{
    /// <summary>The request key: what survives a restart, and what never buys twice.</summary>
    public required string TaskId { get; init; }

    /// <summary><c>working</c>, <c>completed</c> (with a result, an error answer included) or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    public string? StatusMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>Always null, and always told: the ledger forgets nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? TtlMs { get; init; }

    public required int PollIntervalMs { get; init; }

    /// <summary>The tool's answer, once the task has ended.</summary>
    public JsonElement? Result { get; init; }
}

/// <summary>The acknowledgement of <c>tasks/cancel</c> and <c>tasks/update</c>.</summary>
internal sealed class TaskAcknowledgement : Result;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(TaskAcknowledgement))]
internal sealed partial class TaskResultJson : JsonSerializerContext;
