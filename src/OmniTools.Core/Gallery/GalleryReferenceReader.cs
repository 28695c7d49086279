using OmniTools.Ledger;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Gallery;

/// <summary>Finds the references of clips: in the file beside a saved clip, and for all others in the ledger.</summary>
internal sealed class GalleryReferenceReader(ILedgerStore ledger)
{
    /// <summary>The references by request key. The ledger is read once for all tasks.</summary>
    public async Task<Dictionary<string, GalleryReferences>> ReadAsync(IReadOnlyList<VideoTask> tasks,
        CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, GalleryReferences>();
        foreach (var task in tasks)
        {
            if (task.SavedPath is { } path && Sidecar.Read(path) is { } sidecar
                && sidecar.RequestKey == task.RequestKey)
                found[task.RequestKey] = new(sidecar.Images, sidecar.Videos, sidecar.ExtendFrom);
        }
        var others = tasks.Select(task => task.RequestKey).Where(key => !found.ContainsKey(key)).ToList();
        var records = others.Count == 0 ? [] : await ledger.FindManyAsync(others, cancellationToken);
        foreach (var record in records)
        {
            if (record.Sent?.Request is { } request)
                found.TryAdd(record.Task.RequestKey, new(request.Images, request.Videos, request.ExtendFrom));
        }
        return found;
    }
}
