namespace OmniTools.Benchmarks;

/// <summary>Contenders by turns, each first in its turn, so that all meet the same machine.</summary>
internal static class Contest
{
    /// <summary>What each contender measured, in its order. The first round warms up and is not counted.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> RunAsync<T>(int rounds, params Func<Task<T>>[] contenders)
    {
        var measured = contenders.Select(_ => new List<T>(rounds)).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var who = (turn + round + 1) % contenders.Length;
                var value = await contenders[who]();
                if (round >= 0)
                    measured[who].Add(value);
            }
        }
        return measured;
    }
}
