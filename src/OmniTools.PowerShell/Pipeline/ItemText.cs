using OmniTools.Requests;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Says which of many an error is about: by its request key and the first words of its prompt.</summary>
internal static class ItemText
{
    private const int MaximumPrompt = 60;

    /// <summary>A task: <c>shot-1 ('a fox in the snow')</c>; by its id where the key is not the user's own.</summary>
    public static string Describe(VideoTask task)
    {
        var name = ProviderText.Clean(RequestKey.IsGenerated(task.RequestKey) ? task.Reference : task.RequestKey);
        return ShortenPrompt(task.Prompt) is { } prompt ? $"{name} ('{prompt}')" : $"{name}";
    }

    /// <summary>A request, by what was given of it; null for one with nothing in it.</summary>
    public static string? Describe(VideoRequest request, string? duration, int? row)
    {
        var values = new (string Name, string? Value)[]
        {
            ("RequestKey", request.RequestKey),
            ("Prompt", ShortenPrompt(request.Prompt)),
            ("Provider", request.Provider),
            ("Model", request.Model),
            ("AspectRatio", request.AspectRatio),
            ("Duration", duration),
            ("Resolution", request.Resolution),
            ("ExtendFrom", request.ExtendFrom),
        };
        var given = string.Join(", ", values.Where(pair => !string.IsNullOrEmpty(pair.Value))
            .Select(pair => $"{pair.Name} '{ProviderText.Clean(pair.Value)}'"));
        var name = row is null ? "Request" : $"Row {row}";
        return given.Length > 0 ? $"{name} ({given})" : row is null ? null : name;
    }

    /// <summary>The first words of a prompt on one line; null when there are none.</summary>
    public static string? ShortenPrompt(string? prompt)
    {
        var text = ProviderText.Clean(prompt);
        return text is null || text.Length <= MaximumPrompt ? text : text[..FindCut(text)].TrimEnd() + "…";
    }

    // At a word, and never between the two halves of one character.
    private static int FindCut(string text)
    {
        var space = text.LastIndexOf(' ', MaximumPrompt);
        if (space > MaximumPrompt / 2)
            return space;
        return char.IsHighSurrogate(text[MaximumPrompt - 1]) ? MaximumPrompt - 1 : MaximumPrompt;
    }
}
