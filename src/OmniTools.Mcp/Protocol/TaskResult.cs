using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmniTools.Mcp.Protocol;

/// <summary>A task of the tasks extension, returned in place of a tool's result and by <c>tasks/get</c>.</summary>
internal sealed class TaskResult : Result
{
    /// <summary>The request key, which survives a restart and never buys twice.</summary>
    public required string TaskId { get; init; }

    /// <summary>
    /// <c>working</c>, <c>completed</c> (with the tool's result, which may be an error) or <c>cancelled</c>.
    /// </summary>
    public required string Status { get; init; }

    public string? StatusMessage { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>Always null, and always sent: the ledger keeps tasks forever.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? TtlMs { get; init; }

    public required int PollIntervalMs { get; init; }

    /// <summary>The tool's result, once the task has ended.</summary>
    public JsonElement? Result { get; set; }
}

/// <summary>The acknowledgement of <c>tasks/cancel</c> and <c>tasks/update</c>.</summary>
internal sealed class TaskAcknowledgement : Result;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(TaskAcknowledgement))]
internal sealed partial class TaskResultJson : JsonSerializerContext;
