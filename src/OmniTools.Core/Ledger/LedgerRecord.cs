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

/// <summary>One line of the ledger, filled in by whoever makes or reads it. A field that an event does not need is left out.</summary>
internal sealed record LedgerRecord
{
    /// <summary>The format written here; lines of a newer one are passed over, and nothing is bought beside them.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; set; } = CurrentVersion;

    public DateTimeOffset At { get; set; }

    public required string Event { get; set; }

    public required string Key { get; set; }

    public string? Id { get; set; }

    // intent, adopted
    public string? Provider { get; set; }
    public string? Model { get; set; }
    public string? Prompt { get; set; }
    public string? AspectRatio { get; set; }
    public int? Duration { get; set; }
    public string? Resolution { get; set; }
    public IReadOnlyList<string>? Images { get; set; }
    public string? Video { get; set; }
    public string? ExtendFrom { get; set; }

    /// <summary>SHA-256 of what was asked for, local files by their content.</summary>
    public string? Content { get; set; }

    /// <summary>SHA-256 of the exact body sent.</summary>
    public string? Body { get; set; }

    /// <summary>The submission under way: see <see cref="LedgerClaims"/>.</summary>
    public string? Owner { get; set; }

    /// <summary>The base address it is sent to: see <see cref="Seller"/>.</summary>
    public string? Base { get; set; }

    /// <summary>The account it is sent for, as a fingerprint of its key. The key itself is in no record.</summary>
    public string? Account { get; set; }

    public decimal? Estimate { get; set; }

    /// <summary>Whether an earlier intent of the same key exists: it was rejected or unknown, and the caller asked again.</summary>
    public bool? Again { get; set; }

    /// <summary>When a request of unknown outcome, sent again, was first sent.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>When the request was first sent.</summary>
    public DateTimeOffset FirstAt => Since ?? At;

    // accepted, settled, state, adopted
    public string? Status { get; set; }
    public string? RawStatus { get; set; }
    public int? Progress { get; set; }
    public DateTimeOffset? CreatedAt { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }
    public int? EstimatedSeconds { get; set; }
    public decimal? Cost { get; set; }
    public decimal? Credits { get; set; }
    public IReadOnlyList<VideoResult>? Videos { get; set; }

    // rejected, unknown, settled, state
    public TaskError? Error { get; set; }

    // saved
    public int? Index { get; set; }
    public string? Path { get; set; }
    public string? Sha256 { get; set; }
    public long? Bytes { get; set; }

    /// <summary>Whether it begins what the ledger knows of a key.</summary>
    public bool IsFirst => Event is LedgerEvent.Intent or LedgerEvent.Adopted;
}
