using OmniTools.Batches.Lists;

namespace OmniTools.Batches;

/// <summary>A list with everything that is known of its rows before a run.</summary>
internal sealed record LoadedBatch(BatchOptions Options, BatchList List, IReadOnlyList<BatchItem> Items,
    BatchLedger Ledger, IReadOnlyList<string> Warnings)
{
    public IReadOnlyList<VideoBatchRow> GetRows() => [.. Items.Select(item => item.ToRow(List))];

    public IReadOnlyList<VideoBatchRow> GetInvalidRows() =>
        [.. GetRows().Where(row => row.State == VideoBatchRowState.Invalid)];
}
