using System.Globalization;
using System.Text;
using OmniTools.Batches.Lists;
using OmniTools.Files;

namespace OmniTools.Batches;

/// <summary>
/// Writes the list with the state of each row to a file beside it: its columns and what is known of the row.
/// </summary>
internal sealed class BatchReport(LoadedBatch batch, Action<string> notice)
{
    private static readonly string[] Added = ["State", "File", "Reason", "TaskId", "Credits"];
    private readonly string path = batch.Options.Report!;
    private bool hasFailed;

    /// <summary>Writes the file. A failure to write it is reported once and never ends a batch.</summary>
    public void Write()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // With a byte order mark, which spreadsheets need.
            AtomicFile.Write(path, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(CreateText())]);
            hasFailed = false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!hasFailed)
                notice($"The report {path} cannot be written: {failure.Message.TrimEnd('.')}. "
                    + "The batch goes on without it.");
            hasFailed = true;
        }
    }

    private string CreateText()
    {
        var list = batch.List;
        var columns = Enumerable.Range(0, list.Columns.Count)
            .Where(i => !Added.Contains(list.Columns[i], StringComparer.OrdinalIgnoreCase)).ToList();
        var text = new StringBuilder();
        CsvText.Write(text, [.. columns.Select(i => list.Columns[i]), .. Added], list.Delimiter ?? ',');
        foreach (var item in batch.Items)
        {
            var credits = item.Task is null ? null : item.Credits;
            CsvText.Write(text,
            [
                .. columns.Select(item.Row.GetCell), item.State.ToString(), item.Task?.SavedPath ?? "",
                item.Reason?.ReplaceLineEndings(" ") ?? "", item.Task?.Id ?? "",
                credits?.ToString("0.##", CultureInfo.InvariantCulture) ?? "",
            ], list.Delimiter ?? ',');
        }
        return text.ToString();
    }
}
