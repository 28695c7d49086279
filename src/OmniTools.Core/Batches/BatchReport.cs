using System.Globalization;
using System.Text;
using OmniTools.Saving;

namespace OmniTools.Batches;

/// <summary>Writes what became of each row beside the list, as a list: its columns and what is known of the row, in one piece.</summary>
internal sealed class BatchReport(BatchList list, IReadOnlyList<BatchItem> items, string path, Action<string> notice)
{
    private static readonly string[] Added = ["State", "File", "Reason", "TaskId", "Credits"];
    private bool hasFailed;

    /// <summary>Writes it. What keeps it from being written is reported once and never ends a batch.</summary>
    public void Write()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // With a byte order mark, which spreadsheets want.
            AtomicFile.Write(path, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text())]);
            hasFailed = false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!hasFailed)
                notice($"The report {path} cannot be written: {failure.Message.TrimEnd('.')}. The batch goes on without it.");
            hasFailed = true;
        }
    }

    private string Text()
    {
        var places = Enumerable.Range(0, list.Columns.Count).Where(i => !Added.Contains(list.Columns[i], StringComparer.OrdinalIgnoreCase)).ToList();
        var text = new StringBuilder();
        var delimiter = list.Delimiter ?? ',';
        CsvText.Write(text, places.Select(i => list.Columns[i]).Concat(Added), delimiter);
        foreach (var item in items)
        {
            var usd = item.Task is { } task ? BatchPrice.Of(task) ?? item.Estimate : null;
            string?[] added =
            [
                item.State.ToString(), item.Task?.SavedPath, item.Reason?.ReplaceLineEndings(" "), item.Task?.Id,
                BatchPrice.ToCredits(usd)?.ToString("0.##", CultureInfo.InvariantCulture),
            ];
            CsvText.Write(text, places.Select(i => i < item.Row.Cells.Count ? item.Row.Cells[i] : "").Concat(added.Select(cell => cell ?? "")), delimiter);
        }
        return text.ToString();
    }
}
