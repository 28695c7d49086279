using System.Text.RegularExpressions;
using OmniTools.Errors;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Core names a request's fields; who types a command knows them as parameters. An error speaks one language, shown or caught.</summary>
internal static partial class ParameterNames
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["prompt"] = "-Prompt",
        ["provider"] = "-Provider",
        ["model"] = "-Model",
        ["aspect_ratio"] = "-AspectRatio",
        ["duration"] = "-Duration",
        ["duration_seconds"] = "-Duration",
        ["resolution"] = "-Resolution",
        ["image_urls"] = "-Image",
        ["first_frame_url"] = "-FirstFrame",
        ["last_frame_url"] = "-LastFrame",
        ["video_url"] = "-Video",
        ["audio"] = "-Audio",
        ["negative_prompt"] = "-NegativePrompt",
        ["seed"] = "-Seed",
        ["options"] = "-Option",
        ["image_urls, video_url"] = "-Image, -Video",
        ["extend_from_task_id"] = "-ExtendFrom",
        ["request_key"] = "-RequestKey",
        ["task_id"] = "-Id",
        ["path"] = "-Path",
    };

    /// <summary>The same error in the words of the parameters.</summary>
    public static OmniException Translate(OmniException problem) => problem.Field is { } field && Names.TryGetValue(field, out var parameter)
        ? problem.With(Text(problem.What, field, parameter), Text(problem.NextStep, field, parameter), parameter, "Parameter")
        : problem.With(Text(problem.What, null, null)!, Text(problem.NextStep, null, null), problem.Field, problem.FieldLabel);

    private static string Text(string? text, string? field, string? parameter)
    {
        if (text is null)
            return null!;
        // Words that are names only where the sentence is about the field.
        if (field is not null)
            text = OwnField(field).Replace(text, found => $"{found.Groups["verb"].Value} {parameter}");
        return SnakeCase().Replace(text, found => Names.GetValueOrDefault(found.Value, found.Value));
    }

    private static Regex OwnField(string field) => new($"\\b(?<verb>Correct|Leave|Change) {Regex.Escape(field)}\\b", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\b[a-z]+(_[a-z]+)+\b")]
    private static partial Regex SnakeCase();
}
