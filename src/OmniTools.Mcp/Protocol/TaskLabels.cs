using OmniTools.Requests;

namespace OmniTools.Mcp.Protocol;

/// <summary>
/// Labels that distinguish the tasks of one result: the caller's own request key, or the part of the prompt that
/// differs.
/// </summary>
internal static class TaskLabels
{
    private const int Length = 40;

    /// <summary>A label by request key; empty where nothing is known.</summary>
    public static Dictionary<string, string> Create(IReadOnlyList<VideoTask> tasks)
    {
        var prompts = tasks.ToDictionary(task => task.RequestKey, task => ProviderText.Clean(task.Prompt) ?? "");
        return tasks.ToDictionary(task => task.RequestKey, task => CreateLabel(task, prompts));
    }

    /// <summary>Whether the request key was chosen by a caller, so that it means something to one.</summary>
    public static bool IsOwnKey(VideoTask task) => task.Id is not null && !RequestKey.IsGenerated(task.RequestKey)
        && !task.RequestKey.EndsWith(":" + task.Id, StringComparison.Ordinal);

    private static string CreateLabel(VideoTask task, Dictionary<string, string> prompts)
    {
        if (IsOwnKey(task))
            return task.RequestKey;
        var prompt = prompts[task.RequestKey];
        var alike = prompts.Where(other => other.Key != task.RequestKey && Truncate(other.Value) == Truncate(prompt))
            .Select(other => other.Value).ToList();
        if (alike.Count == 0 || prompt.Length == 0)
            return prompt.Length == 0 ? "" : $"\"{Truncate(prompt)}\"";
        if (alike.Contains(prompt))
            return task.Id is null ? "" : task.RequestKey;
        var common = alike.Max(other => prompt.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count());
        return $"\"…{Truncate(prompt[FindWordStart(prompt, common)..])}\"";
    }

    // Two words of what is common make the difference readable.
    private static int FindWordStart(string prompt, int at)
    {
        for (var words = 0; words < 3 && at > 0; words++)
            at = prompt.LastIndexOf(' ', Math.Min(at, prompt.Length) - 1);
        return at + 1;
    }

    private static string Truncate(string text) => ProviderText.Shorten(text, Length);
}
