using OmniTools.Batches.Lists;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Batches;

/// <summary>Reads a list and what the ledger knows of it, and checks the rows that are to be submitted.</summary>
internal sealed class BatchLoader(BatchServices services)
{
    private readonly Dictionary<string, decimal?> estimates = [];

    /// <summary>Loads a batch; <paramref name="options"/> have their defaults.</summary>
    public async Task<LoadedBatch> LoadAsync(BatchOptions options, CancellationToken cancellationToken)
    {
        var list = options.Path is { } path
            ? BatchListReader.Read(path, options.Delimiter, options.KeyColumn)
            : BatchListReader.FromRows(options.Rows, options.Name!, options.KeyColumn);
        var items = BatchItemFactory.CreateAll(list, options);
        var ledger = new BatchLedger(services.Ledger, options);
        await ledger.LoadAsync(items, cancellationToken);
        foreach (var item in items.Where(
            item => item.State is VideoBatchRowState.ToSubmit or VideoBatchRowState.Unknown))
            await CheckAsync(item, cancellationToken);
        var warnings = BatchItemFactory.FindUnusedColumns(list, options).ToList();
        if (list.Encoding is { } encoding)
            warnings.Add($"The list is read as {encoding}, because it is no valid UTF-8.");
        return new(options, list, items, ledger, warnings);
    }

    /// <summary>Chooses provider and model of a row and checks it; a row with an error is invalid.</summary>
    private async Task CheckAsync(BatchItem item, CancellationToken cancellationToken)
    {
        try
        {
            // A request that was sent before goes to the same provider and model, whatever the defaults are now.
            item.Request = item.Request! with
            {
                RequestKey = item.Key,
                Provider = item.Request.Provider ?? item.Record?.Task.Provider,
                Model = item.Request.Model ?? item.Record?.Sent?.Request.Model,
            };
            item.Check = services.Planner.Check(item.Request, item.Record);
            item.Estimate = await EstimateAsync(item.Check, cancellationToken);
        }
        catch (OmniException refused) when (refused.Kind == OmniErrorKind.InvalidRequest)
        {
            if (item.State != VideoBatchRowState.ToSubmit)
                item.Reason ??= refused.Summary; // It was sent before, and the provider may settle its outcome.
            else if (refused.Field == "prompt")
                item.Refuse($"{BatchColumns.Prompt} is missing: {refused.Allowed}");
            else
                item.Refuse(BatchColumns.FindByField(refused.Field) + " " + (refused.Received is { } received
                    ? $"{received}, allowed {refused.Allowed}"
                    : refused.Summary.TrimEnd('.')));
        }
    }

    // Rows that differ in their texts alone cost the same.
    private async Task<decimal?> EstimateAsync(CheckedRequest check, CancellationToken cancellationToken)
    {
        var request = check.Request;
        var kind = string.Join('\n', check.Provider.Id, request.Model, check.Duration, check.Resolution, request.Audio,
            request.Images.Count, request.Videos.Count, request.FirstFrame is null, request.ExtendFrom is null,
            RequestOptions.ToCanonicalJson(request.Options));
        if (!estimates.TryGetValue(kind, out var credits))
            estimates[kind] = credits = (await services.Planner.EstimateAsync(check, cancellationToken)).Credits;
        return credits;
    }
}
