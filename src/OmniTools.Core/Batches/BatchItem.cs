using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>One row on its way. One worker at a time changes it.</summary>
internal sealed class BatchItem(BatchListRow row, string key, string hash, bool hasOwnKey)
{
    /// <summary>The row as written.</summary>
    public BatchListRow Row => row;

    /// <summary>Its key in the list: its own, else one that is made of its cells.</summary>
    public string BaseKey { get; } = key;

    /// <summary>The hash of its request cells.</summary>
    public string Hash => hash;

    /// <summary>Whether the key is the row's own.</summary>
    public bool HasOwnKey => hasOwnKey;

    /// <summary>The request key that it is or will be submitted under.</summary>
    public string Key { get; set; } = key;

    /// <summary>What is asked for; null where the cells cannot be read.</summary>
    public VideoRequest? Request { get; set; }

    /// <summary>The same in the provider's spelling; null unless it is to be submitted.</summary>
    public CheckedRequest? Check { get; set; }

    /// <summary>What the ledger knows of it; null when it is new.</summary>
    public RequestRecord? Record { get; set; }

    /// <summary>The latest state of its task; null before it is accepted.</summary>
    public VideoTask? Task { get; set; }

    /// <summary>The other list that bought it; null: none.</summary>
    public string? BoughtBy { get; set; }

    /// <summary>The folder and name template of its file.</summary>
    public (string Folder, string Template) File { get; set; }

    /// <summary>What it is estimated to cost in US dollars; null when not known.</summary>
    public decimal? Estimate { get; set; }

    /// <summary>How far it is.</summary>
    public VideoBatchRowState State { get; set; }

    /// <summary>Why it has no file.</summary>
    public string? Reason { get; set; }

    /// <summary>What to do about it.</summary>
    public string? NextStep { get; set; }

    /// <summary>Whether its clip was billed.</summary>
    public Charged Charged { get; set; }

    /// <summary>Whether this run submitted it.</summary>
    public bool IsNew { get; set; }

    /// <summary>Whether this run saved its file.</summary>
    public bool IsNewFile { get; set; }

    /// <summary>Makes it invalid. The first reason stays.</summary>
    public void Refuse(CellProblem problem)
    {
        if (State == VideoBatchRowState.Invalid)
            return;
        (State, Charged) = (VideoBatchRowState.Invalid, Charged.No);
        Reason = $"{problem.Column} {problem.What}";
    }

    /// <summary>As people see it.</summary>
    public VideoBatchRow ToRow(BatchList list)
    {
        var usd = Task is null ? Estimate : BatchPrice.Of(Task) ?? Estimate;
        return new()
        {
            Row = row.Number,
            Key = Key,
            State = State,
            File = Task?.SavedPath,
            TaskId = Task?.Id,
            Provider = Task?.Provider ?? Check?.Provider.Id,
            Model = Task?.Model ?? Check?.Request.Model,
            Seconds = Task?.Duration ?? Check?.Duration,
            Credits = BatchPrice.ToCredits(usd),
            Usd = usd,
            Charged = Charged,
            Reason = Reason,
            NextStep = NextStep,
            Columns = list.Columns.Select((name, i) => (name, Text: i < row.Cells.Count ? row.Cells[i] : ""))
                .DistinctBy(cell => cell.name, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(cell => cell.name, cell => cell.Text, StringComparer.OrdinalIgnoreCase),
        };
    }
}
