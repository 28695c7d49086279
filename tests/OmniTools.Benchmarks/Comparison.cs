namespace OmniTools.Benchmarks;

/// <summary>Contenders by turns, each first in its turn, so that all meet the same machine.</summary>
internal static class Comparison
{
    /// <summary>What each contender measured, in its order. The first round warms up and is not counted.</summary>
    public static Task<IReadOnlyList<IReadOnlyList<T>>> RunAsync<T>(int rounds, params Func<Task<T>>[] contenders) =>
        RunAsync(rounds, 1, contenders);

    /// <summary>
    /// Likewise with more rounds to warm up: inside one process code is compiled again while it runs.
    /// </summary>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> RunAsync<T>(int rounds, int warmUps,
        params Func<Task<T>>[] contenders)
    {
        var measured = contenders.Select(_ => new List<T>(rounds)).ToArray();
        for (var round = -warmUps; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var who = (turn + round + warmUps) % contenders.Length;
                var value = await contenders[who]();
                if (round >= 0)
                    measured[who].Add(value);
            }
        }
        return measured;
    }
}
