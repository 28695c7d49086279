using OmniTools.Spending;

namespace OmniTools.Batches;

/// <summary>The result of a batch, or how far it is.</summary>
public sealed record VideoBatchResult
{
    /// <summary>The batch.</summary>
    public required string Batch { get; init; }

    /// <summary>The file's name, else the name of the batch.</summary>
    public required string Title { get; init; }

    /// <summary>The rows of the list with their states.</summary>
    public required IReadOnlyList<VideoBatchRow> Rows { get; init; }

    /// <summary>Rows with a file.</summary>
    public int Saved => Count(VideoBatchRowState.Saved);

    /// <summary>Rows whose file was saved in this run.</summary>
    public int New { get; init; }

    /// <summary>Rows that failed, were refused, or whose clip is lost.</summary>
    public int Failed => Count(VideoBatchRowState.Failed);

    /// <summary>Rows that cannot be submitted as they are.</summary>
    public int Invalid => Count(VideoBatchRowState.Invalid);

    /// <summary>Rows that have no file yet, and have not failed.</summary>
    public int Open => Rows.Count - Saved - Failed - Invalid;

    /// <summary>Clips that were bought: in this run; without a run, over all runs.</summary>
    public int Bought { get; init; }

    /// <summary>What they cost in credits (10 are $1), as far as it is known or estimated.</summary>
    public decimal Credits { get; init; }

    /// <summary>The same in US dollars.</summary>
    public decimal Usd => Credits / Money.CreditsPerDollar;

    /// <summary>How many of them have a price that is not known: they are in neither sum, and not free.</summary>
    public int UnknownPrices { get; init; }

    /// <summary>How long the run took; null without a run.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>What held the batch: providers that were away, and limits.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Whether the run had nothing to do.</summary>
    public bool HadNothingToDo { get; init; }

    /// <summary>Whether the run was stopped.</summary>
    public bool WasStopped { get; init; }

    /// <summary>The run that owns the batch now, in words; null when none does.</summary>
    public string? RunningOn { get; init; }

    /// <summary>The report; null without a run.</summary>
    public string? Report { get; init; }

    /// <summary>The gallery page; null where none was written.</summary>
    public string? Gallery { get; init; }

    /// <summary>The command that runs it again.</summary>
    public string Command { get; init; } = "";

    /// <summary>
    /// 0: every row has a file. 1: rows have failed or are invalid, or stay open until the list, the command or a
    /// setting changes; their <see cref="VideoBatchRow.NextStep"/> says what. 2: run it again, the same command can do
    /// more.
    /// </summary>
    /// <remarks>Without a run it is 2 for every open row: only a run checks the limits.</remarks>
    public int ExitCode =>
        Open > Rows.Count(row => row.NeedsChange) && !IsRefused ? 2 : Saved < Rows.Count ? 1 : 0;

    /// <summary>Whether nothing was done because of invalid rows.</summary>
    internal bool IsRefused { get; init; }

    /// <summary>The summary.</summary>
    public override string ToString() => BatchText.Describe(this);

    private int Count(VideoBatchRowState state) => Rows.Count(row => row.State == state);
}
