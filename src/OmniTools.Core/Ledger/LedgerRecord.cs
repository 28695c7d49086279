using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.Ledger;

/// <summary>What a record tells. The words are the file format.</summary>
internal static class LedgerEvent
{
    /// <summary>A submission is about to be sent: on disk before the first byte leaves.</summary>
    public const string Intent = "intent";

    /// <summary>The provider gave a task id.</summary>
    public const string Accepted = "accepted";

    /// <summary>The submission was certainly not accepted.</summary>
    public const string Rejected = "rejected";

    /// <summary>The submission was sent and its outcome could not be settled.</summary>
    public const string Unknown = "unknown";

    /// <summary>An unknown outcome was settled: with an id accepted, without one not.</summary>
    public const string Settled = "settled";

    /// <summary>The task's state changed.</summary>
    public const string State = "state";

    /// <summary>A video became a file.</summary>
    public const string Saved = "saved";

    /// <summary>A task made elsewhere was asked for.</summary>
    public const string Adopted = "adopted";
}

/// <summary>One line of the ledger. A field that an event does not need is left out.</summary>
internal sealed record LedgerRecord
{
    /// <summary>The format written here; lines of a newer one are passed over, and nothing is bought beside them.</summary>
    public const int CurrentVersion = 1;

    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    public DateTimeOffset At { get; init; }

    public required string Event { get; init; }

    public required string Key { get; init; }

    public string? Id { get; init; }

    // intent, adopted
    public string? Provider { get; init; }
    public string? Model { get; init; }
    public string? Prompt { get; init; }
    public string? AspectRatio { get; init; }
    public int? Duration { get; init; }
    public string? Resolution { get; init; }
    public IReadOnlyList<string>? Images { get; init; }
    public string? Video { get; init; }
    public string? ExtendFrom { get; init; }

    /// <summary>SHA-256 of what was asked for, local files by their content.</summary>
    public string? Content { get; init; }

    /// <summary>SHA-256 of the exact body sent.</summary>
    public string? Body { get; init; }

    /// <summary>The submission under way: see <see cref="LedgerClaim"/>.</summary>
    public string? Owner { get; init; }

    public decimal? Estimate { get; init; }

    /// <summary>Whether an earlier intent of the same key exists: it was rejected or unknown, and the caller asked again.</summary>
    public bool? Again { get; init; }

    /// <summary>When a request of unknown outcome, sent again, was first sent.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the request was first sent.</summary>
    [JsonIgnore]
    public DateTimeOffset FirstAt => Since ?? At;

    // accepted, settled, state, adopted
    public string? Status { get; init; }
    public string? RawStatus { get; init; }
    public int? Progress { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public int? EstimatedSeconds { get; init; }
    public decimal? Cost { get; init; }
    public decimal? Credits { get; init; }
    public IReadOnlyList<VideoResult>? Videos { get; init; }

    // rejected, unknown, settled, state
    public TaskError? Error { get; init; }

    // saved
    public int? Index { get; init; }
    public string? Path { get; init; }
    public string? Sha256 { get; init; }
    public long? Bytes { get; init; }

    /// <summary>Whether it begins what the ledger knows of a key.</summary>
    [JsonIgnore]
    public bool IsFirst => Event is LedgerEvent.Intent or LedgerEvent.Adopted;

    /// <summary>Whether it is the record that gave the key its id.</summary>
    [JsonIgnore]
    public bool GivesId => Id is not null && Event is LedgerEvent.Accepted or LedgerEvent.Settled or LedgerEvent.Adopted;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(JsonStringEnumConverter<OmniErrorKind>), typeof(JsonStringEnumConverter<Charged>)])]
[JsonSerializable(typeof(LedgerRecord))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(LedgerSummary.Snapshot))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    /// <summary>Prompts stay readable in the file, in every script.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static LedgerJson? relaxed;

    /// <summary>For writing and reading: what it knows of the types is made once.</summary>
    public static LedgerJson Relaxed => relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = Encoder });
}
