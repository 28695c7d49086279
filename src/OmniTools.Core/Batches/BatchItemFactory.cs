using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Requests;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>
/// Makes items of the rows of a list: their keys, requests and file names, checked as far as the list alone allows.
/// </summary>
internal sealed class BatchItemFactory(BatchList list, BatchOptions options)
{
    private readonly string keyColumn = options.KeyColumn ?? BatchColumns.RequestKey;
    private readonly Dictionary<string, int> countsByHash = [];
    private readonly Dictionary<string, int> rowsByKey = [];

    public static IReadOnlyList<BatchItem> CreateAll(BatchList list, BatchOptions options) =>
        [.. list.Rows.Select(new BatchItemFactory(list, options).Create)];

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

    private BatchItem Create(BatchListRow row)
    {
        var hash = BatchKey.Hash(list, row, keyColumn);
        var key = list.GetCell(row, keyColumn);
        var hasOwnKey = key.Length > 0;
        if (!hasOwnKey)
            key = BatchKey.Create(hash, countsByHash[hash] = countsByHash.GetValueOrDefault(hash) + 1);
        var item = new BatchItem(row, key, hash, hasOwnKey);
        if (row.Problem is { } problem)
            item.Refuse(problem);
        if (hasOwnKey && FindKeyProblem(item) is { } wrong)
            item.Refuse($"{keyColumn} {wrong}");
        SetRequest(item);
        SetFile(item);
        return item;
    }

    private string? FindKeyProblem(BatchItem item)
    {
        var (key, shown) = (item.BaseKey, $"'{ProviderText.Clean(item.BaseKey)}'");
        if (key.Length > BatchKey.MaximumLength)
            return $"has {key.Length} characters, allowed {BatchKey.MaximumLength}";
        if (BatchKey.IsReserved(key))
            return $"{shown} looks like a key that is made for retries and for rows without a key";
        if (!rowsByKey.TryAdd(key, item.Row.Number))
            return $"{shown} is the key of row {rowsByKey[key]}, too: give every row a key of its own";
        try
        {
            RequestKey.Validate(key);
            return null;
        }
        catch (OmniException refused)
        {
            return $"{shown} cannot be a key, allowed {refused.Allowed}";
        }
    }

    private void SetRequest(BatchItem item)
    {
        var request = new VideoRequest();
        foreach (var column in BatchColumns.GetRequestColumns(keyColumn))
        {
            var text = list.GetCell(item.Row, column.Name);
            if (text.Length == 0)
                continue;
            try
            {
                request = column.Set(request, text, reference =>
                    Reference.GetForm(reference) == ReferenceForm.LocalFile
                        ? Path.GetFullPath(reference, options.ListFolder)
                        : reference);
            }
            catch (Exception wrong) when (wrong is OmniException or FormatException or ArgumentException)
            {
                item.Refuse($"{column.Name} " + (wrong is OmniException refused
                    ? $"{refused.Received}, allowed {refused.Allowed}"
                    : $"'{ProviderText.Clean(text)}' {wrong.Message}"));
                return;
            }
        }
        item.Request = request;
    }

    private void SetFile(BatchItem item)
    {
        var column = BatchColumns.FileNames.FirstOrDefault(
            name => !name.Equals(keyColumn, StringComparison.OrdinalIgnoreCase)
                && list.GetCell(item.Row, name).Length > 0);
        var template = column is not null ? list.GetCell(item.Row, column)
            : options.FileName ?? (item.HasOwnKey ? "{key}" : $"{{prompt}}-{BatchKey.Shorten(item.BaseKey)}");
        foreach (var name in list.Columns.Where(name => name.Length > 0 && !FileNameTemplate.IsToken(name)))
            template = template.Replace($"{{{name}}}", CleanForName(list.GetCell(item.Row, name)),
                StringComparison.OrdinalIgnoreCase);
        if (!item.HasOwnKey)
            template = template.Replace("{key}", BatchKey.Shorten(item.BaseKey), StringComparison.OrdinalIgnoreCase);
        item.File = column is not null && Path.IsPathRooted(template)
            ? (Path.GetDirectoryName(template) ?? template, Path.GetFileName(template))
            : (options.Destination!, template);
        try
        {
            FileNameTemplate.Expand(item.File.Template, item.File.Folder, CreateSample(item), 0);
        }
        catch (OmniException refused)
        {
            item.Refuse($"{column ?? "-Name"} '{ProviderText.Clean(item.File.Template)}' cannot name a file: "
                + $"{refused.Summary.TrimEnd('.')}, allowed {refused.Allowed}");
        }
    }

    // A cell cannot add a token or another folder to the name.
    private static string CleanForName(string text) =>
        PortableFileName.Clean(text).Replace('{', '(').Replace('}', ')');

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
