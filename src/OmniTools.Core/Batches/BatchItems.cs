using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>Makes items of the rows of a list: their keys, requests and file names, checked as far as the list alone tells.</summary>
internal static class BatchItems
{
    public static IReadOnlyList<BatchItem> Of(BatchList list, BatchOptions options)
    {
        var keyColumn = options.KeyColumn ?? BatchColumns.RequestKey;
        var numbers = new Dictionary<string, int>();
        var rowsByKey = new Dictionary<string, int>();
        var items = new List<BatchItem>(list.Rows.Count);
        foreach (var row in list.Rows)
        {
            var hash = BatchKey.Hash(list, row, keyColumn);
            var own = list.Cell(row, keyColumn);
            if (own.Length == 0)
                numbers[hash] = numbers.GetValueOrDefault(hash) + 1;
            var item = new BatchItem(row, own.Length > 0 ? own : BatchKey.Of(hash, numbers[hash]), hash, own.Length > 0);
            items.Add(item);
            if (row.Problem is { } problem)
                item.Refuse(problem);
            if (item.HasOwnKey)
                CheckKey(item, keyColumn, rowsByKey);
            SetRequest(item, list, keyColumn, options);
            SetFile(item, list, options);
        }
        return items;
    }

    /// <summary>Warnings about columns that mean nothing.</summary>
    public static IEnumerable<string> FindUnusedColumns(BatchList list, BatchOptions options)
    {
        var missing = BatchColumns.Known.Where(name => list.IndexOf(name) < 0).ToList();
        foreach (var column in list.Columns.Where(column => column.Length > 0 && !BatchColumns.IsKnown(column)
            && !column.Equals(options.KeyColumn, StringComparison.OrdinalIgnoreCase) && !IsInFileName(column, options)))
        {
            var meant = NameSuggestion.FindNearest(column, missing);
            yield return $"The column '{ProviderText.Clean(column)}' is not used.{(meant is null ? "" : $" Did you mean {meant}?")}";
        }
    }

    private static bool IsInFileName(string column, BatchOptions options) =>
        options.FileName?.Contains($"{{{column}}}", StringComparison.OrdinalIgnoreCase) == true;

    private static void CheckKey(BatchItem item, string column, Dictionary<string, int> rowsByKey)
    {
        var shown = $"'{ProviderText.Clean(item.BaseKey)}'";
        if (item.BaseKey.Length > BatchConstants.MaximumKeyLength)
            item.Refuse(new(column, $"has {item.BaseKey.Length} characters, allowed {BatchConstants.MaximumKeyLength}"));
        else if (BatchKey.IsReserved(item.BaseKey))
            item.Refuse(new(column, $"{shown} looks like a key that is made for retries and for rows without a key"));
        else if (!rowsByKey.TryAdd(item.BaseKey, item.Row.Number))
            item.Refuse(new(column, $"{shown} is the key of row {rowsByKey[item.BaseKey]}, too: give every row a key of its own"));
        try
        {
            RequestKey.Validate(item.BaseKey);
        }
        catch (OmniException refused)
        {
            item.Refuse(new(column, $"{shown} cannot be a key, allowed {refused.Allowed}"));
        }
    }

    private static void SetRequest(BatchItem item, BatchList list, string keyColumn, BatchOptions options)
    {
        var request = new VideoRequest();
        foreach (var column in BatchColumns.Request)
        {
            var text = list.Cell(item.Row, column.Name);
            if (text.Length == 0 || column.Name.Equals(keyColumn, StringComparison.OrdinalIgnoreCase))
                continue;
            try
            {
                request = column.Set(request, text, reference => BatchColumns.Absolute(reference, options.ListFolder));
            }
            catch (OmniException refused)
            {
                item.Refuse(new(column.Name, $"{refused.Received}, allowed {refused.Allowed}"));
                return;
            }
            catch (Exception wrong) when (wrong is FormatException or ArgumentException)
            {
                item.Refuse(new(column.Name, $"'{ProviderText.Clean(text)}' {wrong.Message}"));
                return;
            }
        }
        item.Request = request;
    }

    private static void SetFile(BatchItem item, BatchList list, BatchOptions options)
    {
        var cell = BatchColumns.FileNames.Where(name => !name.Equals(options.KeyColumn, StringComparison.OrdinalIgnoreCase))
            .Select(name => (Column: name, Text: list.Cell(item.Row, name))).FirstOrDefault(each => each.Text.Length > 0);
        var template = cell.Text ?? options.FileName ?? (item.HasOwnKey ? "{key}" : $"{{prompt}}-{BatchKey.Short(item.BaseKey)}");
        foreach (var column in list.Columns.Where(column => column.Length > 0 && !FileNameTemplate.IsToken(column)))
            template = template.Replace($"{{{column}}}", InName(list.Cell(item.Row, column)), StringComparison.OrdinalIgnoreCase);
        if (!item.HasOwnKey)
            template = template.Replace("{key}", BatchKey.Short(item.BaseKey), StringComparison.OrdinalIgnoreCase);
        var folder = options.Destination!;
        if (cell.Text is not null && Path.IsPathRooted(template))
            (folder, template) = (Path.GetDirectoryName(template) ?? template, Path.GetFileName(template));
        item.File = (folder, template);
        try
        {
            FileNameTemplate.Expand(template, folder, Sample(item), 0);
        }
        catch (OmniException refused)
        {
            item.Refuse(new(cell.Column ?? "-Name", $"'{ProviderText.Clean(template)}' cannot name a file: {refused.Summary.TrimEnd('.')}, allowed {refused.Allowed}"));
        }
    }

    // Text of a cell is no template and leads into no other folder.
    private static string InName(string text) => Slug.Clean(text).Replace('{', '(').Replace('}', ')');

    private static VideoTask Sample(BatchItem item) => new()
    {
        RequestKey = item.BaseKey,
        Provider = "provider",
        Prompt = item.Request?.Prompt,
        Status = VideoTaskStatus.Completed,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Videos = [new() { Url = "" }],
    };
}
