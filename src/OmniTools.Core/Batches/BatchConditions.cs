using OmniTools.Http;

namespace OmniTools.Batches;

/// <summary>What held a batch, and for how long.</summary>
internal sealed class BatchConditions(TimeProvider timeProvider)
{
    private readonly Dictionary<(string Name, string Calls), TimeSpan> outages = [];
    private readonly Dictionary<(string Name, string Calls), DateTimeOffset> running = [];
    private readonly Dictionary<string, TimeSpan> others = [];

    public void Add(ProviderHealthNotice notice)
    {
        var key = (notice.Name, notice.Calls);
        if (!notice.IsAvailable)
            running.TryAdd(key, notice.Since);
        else if (running.Remove(key))
            outages[key] = outages.GetValueOrDefault(key) + notice.Duration!.Value;
    }

    public void Add(string condition, TimeSpan time) => others[condition] = others.GetValueOrDefault(condition) + time;

    /// <summary>One phrase for each condition. The outages of several kinds of calls to one host are one.</summary>
    public IReadOnlyList<string> Describe()
    {
        var all = outages.ToDictionary();
        foreach (var (key, since) in running)
            all[key] = all.GetValueOrDefault(key) + (timeProvider.GetUtcNow() - since);
        return
        [
            .. all.GroupBy(outage => outage.Key.Name)
                .Select(group => $"{group.Key} was away for {BatchText.Describe(group.Max(outage => outage.Value))}"),
            .. others.Select(other => $"{other.Key} for {BatchText.Describe(other.Value)}"),
        ];
    }
}
