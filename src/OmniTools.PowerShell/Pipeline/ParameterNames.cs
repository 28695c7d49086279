using System.Text.RegularExpressions;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>Translates the field names of Core in an error to the names of parameters.</summary>
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
    public static OmniException Translate(OmniException problem)
    {
        var details = problem.Details;
        return problem.With(details with
        {
            Field = details.Field is { } field ? Names.GetValueOrDefault(field, field) : null,
            NextStep = details.NextStep is { } step ? SnakeCase(step) : null,
        }, SnakeCase(problem.Summary));
    }

    private static string SnakeCase(string text) =>
        SnakeCaseWord().Replace(text, found => Names.GetValueOrDefault(found.Value, found.Value));

    // What is quoted is a value, not a parameter.
    [GeneratedRegex(@"(?<!')\b[a-z]+(_[a-z]+)+\b(?!')")]
    private static partial Regex SnakeCaseWord();
}
