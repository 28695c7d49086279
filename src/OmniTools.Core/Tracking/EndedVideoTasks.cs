using System.Collections.Concurrent;
using OmniTools.Ledger;
using OmniTools.VideoTasks;

namespace OmniTools.Tracking;

/// <summary>
/// What a wait learns from the ledger before it asks providers: which tasks have ended, and how long the others are
/// likely to take.
/// </summary>
internal sealed class EndedVideoTasks(Func<ILedgerStore> ledger)
{
    private readonly ConcurrentDictionary<(string Provider, string? Model), TimeSpan?> durations = new();

    /// <summary>How each of the tasks ended; null for a task that is not known to have ended.</summary>
    public async Task<IReadOnlyList<VideoTask?>> FindAsync(IReadOnlyList<VideoTask> tasks)
    {
        var store = ledger();
        foreach (var (provider, model) in tasks.Select(task => (task.Provider, task.Model)).Distinct())
        {
            if (!durations.ContainsKey((provider, model)))
                durations[(provider, model)] = await store.GetAverageDurationAsync(provider, model, default);
        }
        var found = await store.FindManyAsync([.. tasks.Select(task => task.Reference).Distinct()], default);
        var byHandle = found.SelectMany(request => new[] { request.Task.RequestKey, request.Task.Id }
                .OfType<string>().Distinct().Select(handle => (handle, request.Task)))
            .ToLookup(each => (each.Task.Provider, each.handle), each => each.Task);
        return [.. tasks.Select(task => byHandle[(task.Provider, task.Reference)].MaxBy(known => known.CreatedAt))
            .Select(known => known?.Status.IsTerminal() == true ? known : null)];
    }

    /// <summary>How long a task takes: by the provider's estimate, else by the model's latest clips.</summary>
    public TimeSpan? GetExpectedDuration(VideoTask task) =>
        task.EstimatedSeconds is { } seconds ? TimeSpan.FromSeconds(seconds)
        : durations.GetValueOrDefault((task.Provider, task.Model));
}
