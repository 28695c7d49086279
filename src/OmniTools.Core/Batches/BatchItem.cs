using OmniTools.Batches.Lists;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>One row of a list during a run. One worker at a time changes it.</summary>
internal sealed class BatchItem(BatchListRow row, string key, string hash, bool hasOwnKey)
{
    public BatchListRow Row => row;

    /// <summary>Its key in the list: its own, else one that is made of its cells.</summary>
    public string BaseKey { get; } = key;

    public string Hash => hash;

    public bool HasOwnKey => hasOwnKey;

    /// <summary>The request key that it is or will be submitted under.</summary>
    public string Key { get; set; } = key;

    /// <summary>What is requested; null where the cells cannot be read.</summary>
    public VideoRequest? Request { get; set; }

    /// <summary>The request for its provider; null unless it is to be submitted.</summary>
    public CheckedRequest? Check { get; set; }

    /// <summary>What the ledger knows of it; null when it is new.</summary>
    public RequestRecord? Record { get; set; }

    /// <summary>The latest state of its task; null before it is accepted.</summary>
    public VideoTask? Task { get; set; }

    /// <summary>The other list that bought it; null: none.</summary>
    public string? BoughtBy { get; set; }

    /// <summary>The folder and name template of its file.</summary>
    public (string Folder, string Template) File { get; set; }

    /// <summary>What it is estimated to cost in credits (10 are $1); null when not known.</summary>
    public decimal? Estimate { get; set; }

    /// <summary>What it cost in credits, or is estimated to cost; null when not known.</summary>
    public decimal? Credits => (Task is null ? null : BatchBudget.GetPrice(Task)) ?? Estimate;

    public VideoBatchRowState State { get; set; }

    /// <summary>Why it has no file.</summary>
    public string? Reason { get; set; }

    public string? NextStep { get; set; }

    public Charged Charged { get; set; }

    public bool IsSubmittedInThisRun { get; set; }

    public bool IsSavedInThisRun { get; set; }

    /// <summary>The error that it was left open for in this run.</summary>
    public OmniException? LeftBy { get; set; }

    /// <summary>Whether it stays open until the list, the command or a setting changes.</summary>
    public bool NeedsChange => State switch
    {
        VideoBatchRowState.ToSubmit => LeftBy is { Kind: OmniErrorKind.LimitReached, RetryAt: null }
            or { Kind: OmniErrorKind.InvalidConfiguration } or { Kind: OmniErrorKind.Authentication, WasSent: false },
        VideoBatchRowState.Unknown => LeftBy is not null && Record?.IsTooOldToSettle == true,
        _ => false,
    };

    /// <summary>Whether a run has something to do for it.</summary>
    public bool IsOpen => State is VideoBatchRowState.ToSubmit or VideoBatchRowState.Unknown
        or VideoBatchRowState.Running or VideoBatchRowState.ToDownload;

    /// <summary>Makes it invalid, unless it already is.</summary>
    public void Refuse(string reason)
    {
        if (State != VideoBatchRowState.Invalid)
            (State, Charged, Reason) = (VideoBatchRowState.Invalid, Charged.No, reason); // Nothing is sent.
    }

    /// <summary>The row as a caller sees it.</summary>
    public VideoBatchRow ToRow(BatchList list) => new()
    {
        Row = row.Number,
        Key = Key,
        State = State,
        File = Task?.SavedPath,
        TaskId = Task?.Id,
        Provider = Task?.Provider ?? Check?.Provider.Id,
        Model = Task?.Model ?? Check?.Request.Model,
        Seconds = Task?.Duration ?? Check?.Duration,
        Credits = Credits,
        Charged = Charged,
        Reason = Reason,
        NextStep = NextStep,
        NeedsChange = NeedsChange,
        Columns = list.Columns.Select((name, i) => KeyValuePair.Create(name, row.GetCell(i)))
            .DistinctBy(cell => cell.Key).ToDictionary(StringComparer.OrdinalIgnoreCase),
    };
}
