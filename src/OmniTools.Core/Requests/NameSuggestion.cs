namespace OmniTools.Requests;

/// <summary>Finds the name that was meant by one that does not exist.</summary>
internal static class NameSuggestion
{
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Prompt"] = ["text", "description", "scene"],
        ["AspectRatio"] = ["ratio", "aspect", "format"],
        ["Duration"] = ["seconds", "length", "sec"],
        ["Resolution"] = ["size", "quality"],
        ["Image"] = ["picture", "reference"],
        ["FirstFrame"] = ["start", "startframe", "first", "firstimage"],
        ["LastFrame"] = ["end", "endframe", "last", "lastimage"],
        ["Audio"] = ["sound"],
        ["NegativePrompt"] = ["negative", "avoid", "exclude"],
        ["Option"] = ["extra", "parameters"],
        ["RequestKey"] = ["key", "id"],
    };

    /// <summary>The nearest of the known names; null when none is near.</summary>
    public static string? FindNearest(string given, IReadOnlyCollection<string> known)
    {
        var plain = Normalize(given);
        var synonym = known.FirstOrDefault(name => Synonyms.TryGetValue(name, out var words) && words.Contains(plain));
        if (synonym is not null)
            return synonym;
        var (nearest, distance) = known.Select(name => (Name: name, Distance: Distance(plain, Normalize(name))))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue)).MinBy(each => each.Distance);
        return distance <= Math.Max(1, Math.Min(plain.Length, nearest.Length) / 3) ? nearest : null;
    }

    private static string Normalize(string name) =>
        new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    // How many letters have to be inserted, removed, replaced or swapped with their neighbour.
    private static int Distance(string one, string two)
    {
        var costs = new int[one.Length + 1, two.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= two.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    costs[i, j] = i + j;
                    continue;
                }
                var replace = costs[i - 1, j - 1] + (one[i - 1] == two[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(replace, 1 + Math.Min(costs[i - 1, j], costs[i, j - 1]));
                if (i > 1 && j > 1 && one[i - 1] == two[j - 2] && one[i - 2] == two[j - 1])
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }
        return costs[one.Length, two.Length];
    }
}
