using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Requests;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>
/// Makes items of the rows of a list: their keys, requests and file names, checked as far as the list alone allows.
/// </summary>
internal static class BatchItems
{
    public static IReadOnlyList<BatchItem> Of(BatchList list, BatchOptions options)
    {
        var keyColumn = options.KeyColumn ?? BatchColumns.RequestKey;
        var countsByHash = new Dictionary<string, int>();
        var rowsByKey = new Dictionary<string, int>();
        var items = new List<BatchItem>(list.Rows.Count);
        foreach (var row in list.Rows)
        {
            var hash = BatchKey.Hash(list, row, keyColumn);
            var key = list.Cell(row, keyColumn);
            var hasOwnKey = key.Length > 0;
            if (!hasOwnKey)
                key = BatchKey.Of(hash, countsByHash[hash] = countsByHash.GetValueOrDefault(hash) + 1);
            var item = new BatchItem(row, key, hash, hasOwnKey);
            items.Add(item);
            if (row.Problem is { } problem)
                item.Refuse(problem.Column, problem.What);
            if (hasOwnKey)
                CheckKey(item, keyColumn, rowsByKey);
            SetRequest(item, list, keyColumn, options);
            SetFile(item, list, options);
        }
        return items;
    }

    /// <summary>Warnings about columns that mean nothing.</summary>
    public static IEnumerable<string> FindUnusedColumns(BatchList list, BatchOptions options)
    {
        var missing = BatchColumns.Known.Where(name => !list.HasColumn(name)).ToList();
        return list.Columns
            .Where(column => column.Length > 0 && !BatchColumns.IsKnown(column)
                && !column.Equals(options.KeyColumn, StringComparison.OrdinalIgnoreCase)
                && options.FileName?.Contains($"{{{column}}}", StringComparison.OrdinalIgnoreCase) != true)
            .Select(column => $"The column '{ProviderText.Clean(column)}' is not used."
                + (NameSuggestion.FindNearest(column, missing) is { } meant ? $" Did you mean {meant}?" : ""));
    }

    private static void CheckKey(BatchItem item, string column, Dictionary<string, int> rowsByKey)
    {
        var key = item.BaseKey;
        var shown = $"'{ProviderText.Clean(key)}'";
        if (key.Length > BatchConstants.MaximumKeyLength)
            item.Refuse(column, $"has {key.Length} characters, allowed {BatchConstants.MaximumKeyLength}");
        else if (BatchKey.IsReserved(key))
            item.Refuse(column, $"{shown} looks like a key that is made for retries and for rows without a key");
        else if (!rowsByKey.TryAdd(key, item.Row.Number))
            item.Refuse(column, $"{shown} is the key of row {rowsByKey[key]}, too: give every row a key of its own");
        try
        {
            RequestKey.Validate(key);
        }
        catch (OmniException refused)
        {
            item.Refuse(column, $"{shown} cannot be a key, allowed {refused.Allowed}");
        }
    }

    private static void SetRequest(BatchItem item, BatchList list, string keyColumn, BatchOptions options)
    {
        var request = new VideoRequest();
        foreach (var column in BatchColumns.GetRequestColumns(keyColumn))
        {
            var text = list.Cell(item.Row, column.Name);
            if (text.Length == 0)
                continue;
            try
            {
                request = column.Set(request, text, reference => BatchColumns.Absolute(reference, options.ListFolder));
            }
            catch (Exception wrong) when (wrong is OmniException or FormatException or ArgumentException)
            {
                item.Refuse(column.Name, wrong is OmniException refused
                    ? $"{refused.Received}, allowed {refused.Allowed}"
                    : $"'{ProviderText.Clean(text)}' {wrong.Message}");
                return;
            }
        }
        item.Request = request;
    }

    private static void SetFile(BatchItem item, BatchList list, BatchOptions options)
    {
        var column = BatchColumns.FileNames.FirstOrDefault(
            name => !name.Equals(options.KeyColumn, StringComparison.OrdinalIgnoreCase)
                && list.Cell(item.Row, name).Length > 0);
        var template = column is not null ? list.Cell(item.Row, column)
            : options.FileName ?? (item.HasOwnKey ? "{key}" : $"{{prompt}}-{BatchKey.Short(item.BaseKey)}");
        foreach (var name in list.Columns.Where(name => name.Length > 0 && !FileNameTemplate.IsToken(name)))
            template = template.Replace($"{{{name}}}", CleanForName(list.Cell(item.Row, name)),
                StringComparison.OrdinalIgnoreCase);
        if (!item.HasOwnKey)
            template = template.Replace("{key}", BatchKey.Short(item.BaseKey), StringComparison.OrdinalIgnoreCase);
        var folder = options.Destination!;
        if (column is not null && Path.IsPathRooted(template))
            (folder, template) = (Path.GetDirectoryName(template) ?? template, Path.GetFileName(template));
        item.File = (folder, template);
        try
        {
            FileNameTemplate.Expand(template, folder, CreateSample(item), 0);
        }
        catch (OmniException refused)
        {
            item.Refuse(column ?? "-Name", $"'{ProviderText.Clean(template)}' cannot name a file: "
                + $"{refused.Summary.TrimEnd('.')}, allowed {refused.Allowed}");
        }
    }

    // A cell cannot add a token or another folder to the name.
    private static string CleanForName(string text) => PortableFileName.Clean(text).Replace('{', '(').Replace('}', ')');

    private static VideoTask CreateSample(BatchItem item) => new()
    {
        RequestKey = item.BaseKey,
        Provider = "provider",
        Prompt = item.Request?.Prompt,
        Status = VideoTaskStatus.Completed,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Videos = [new() { Url = "" }],
    };
}
