using System.Globalization;
using OmniTools.Requests;

namespace OmniTools.Batches.Lists;

/// <summary>A column of a list that says what to generate.</summary>
/// <param name="Name">Its name, which is that of the parameter of <c>New-OmniVideo</c>.</param>
/// <param name="Field">The field that errors name.</param>
/// <param name="Set">
/// Puts a cell's text into a request; the third argument makes absolute paths of local references. Throws
/// <see cref="FormatException"/> with what is wrong.
/// </param>
internal sealed record BatchColumn(string Name, string Field,
    Func<VideoRequest, string, Func<string, string>, VideoRequest> Set);

/// <summary>The columns that are known.</summary>
internal static class BatchColumns
{
    public const string Prompt = "Prompt";

    public const string RequestKey = "RequestKey";

    /// <summary>The columns that name a row's file.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["Name", "Path"];

    // The names and what they hold are part of BatchKey: they never change.
    private static readonly BatchColumn[] Request =
    [
        new(Prompt, "prompt", (request, text, _) => request with { Prompt = text }),
        new("Provider", "provider", (request, text, _) => request with { Provider = text }),
        new("Model", "model", (request, text, _) => request with { Model = text }),
        new("AspectRatio", "aspect_ratio", (request, text, _) => request with { AspectRatio = text }),
        new("Duration", "duration", (request, text, _) =>
            request with { Duration = (int)Math.Clamp(ParseInteger(text), int.MinValue, int.MaxValue) }),
        new("Resolution", "resolution", (request, text, _) => request with { Resolution = text }),
        new("Image", "image_urls", (request, text, path) => request with { Images = Split(text, path) }),
        new("FirstFrame", "first_frame_url", (request, text, path) => request with { FirstFrame = path(text) }),
        new("LastFrame", "last_frame_url", (request, text, path) => request with { LastFrame = path(text) }),
        new("Video", "video_url", (request, text, path) => request with { Videos = Split(text, path) }),
        new("Audio", "audio", (request, text, _) => request with { Audio = ParseSwitch(text) }),
        new("NegativePrompt", "negative_prompt", (request, text, _) => request with { NegativePrompt = text }),
        new("Seed", "seed", (request, text, _) => request with { Seed = ParseInteger(text) }),
        new("Option", "options", (request, text, _) => request with { Options = RequestOptions.Parse(text) }),
        new("ExtendFrom", "extend_from_task_id", (request, text, _) => request with { ExtendFrom = text }),
    ];

    /// <summary>The names of all columns that mean something.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. Request.Select(column => column.Name), RequestKey, .. FileNames];

    /// <summary>What a request is made of, without the column that holds the keys.</summary>
    public static IEnumerable<BatchColumn> GetRequestColumns(string keyColumn) =>
        Request.Where(column => !column.Name.Equals(keyColumn, StringComparison.OrdinalIgnoreCase));

    public static bool IsKnown(string name) => Known.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The column that an error's field is about; the field itself where there is none.</summary>
    public static string FindByField(string? field) =>
        Request.FirstOrDefault(column => column.Field == field)?.Name
        ?? (field == "request_key" ? RequestKey : field ?? Prompt);

    // Nothing is rounded: a clip of another length would be bought.
    private static long ParseInteger(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException("is not a whole number");

    private static bool ParseSwitch(string text) => text.ToLowerInvariant() switch
    {
        "on" or "true" or "yes" or "1" => true,
        "off" or "false" or "no" or "0" => false,
        _ => throw new FormatException("is neither On nor Off"),
    };

    private static IReadOnlyList<string> Split(string text, Func<string, string> path) =>
        [.. text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(path)];
}
