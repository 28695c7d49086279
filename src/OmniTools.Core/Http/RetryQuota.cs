namespace OmniTools.Http;

/// <summary>
/// What keeps an outage from becoming a storm: every retry of the process costs tokens, every success earns some back; with
/// none left nothing is retried. The figures are those of the AWS SDKs' standard mode.
/// </summary>
internal sealed class RetryQuota
{
    /// <summary>What the process may hold.</summary>
    public const int Capacity = 500;

    /// <summary>What a retry after a failure costs.</summary>
    public const int TransientCost = 14;

    /// <summary>What a retry after a refusal for load costs.</summary>
    public const int ThrottledCost = 5;

    private int tokens = Capacity;

    /// <summary>The quota of this process.</summary>
    public static RetryQuota Process { get; } = new();

    /// <summary>Takes the cost of one retry; false when there is not enough left.</summary>
    public bool TryTake(bool throttled)
    {
        var cost = throttled ? ThrottledCost : TransientCost;
        for (var seen = Volatile.Read(ref tokens); seen >= cost; seen = Volatile.Read(ref tokens))
        {
            if (Interlocked.CompareExchange(ref tokens, seen - cost, seen) == seen)
                return true;
        }
        return false;
    }

    /// <summary>A success earns one token back.</summary>
    public void Earn()
    {
        for (var seen = Volatile.Read(ref tokens); seen < Capacity; seen = Volatile.Read(ref tokens))
        {
            if (Interlocked.CompareExchange(ref tokens, seen + 1, seen) == seen)
                return;
        }
    }
}
