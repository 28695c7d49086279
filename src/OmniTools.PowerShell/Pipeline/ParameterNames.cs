using System.Text.RegularExpressions;
using OmniTools.Errors;

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
        var parameter = problem.Field is { } field ? Names.GetValueOrDefault(field) : null;
        var (what, next) = (SnakeCase(problem.Summary), problem.NextStep is { } step ? SnakeCase(step) : null);
        if (parameter is null)
            return problem.With(problem.Details with { NextStep = next }, what);
        // A word such as prompt is a name only where the sentence is about the field.
        foreach (var verb in new[] { "Correct", "Leave", "Change", "leave" })
            next = next?.Replace($"{verb} {problem.Field} ", $"{verb} {parameter} ", StringComparison.Ordinal);
        next = next?.Replace($"or give {problem.Field}", $"or give {parameter}", StringComparison.Ordinal);
        return problem.With(problem.Details with { Field = parameter, NextStep = next }, what);
    }

    private static string SnakeCase(string text) =>
        SnakeCaseWord().Replace(text, found => Names.GetValueOrDefault(found.Value, found.Value));

    // What is quoted is a value, not a parameter.
    [GeneratedRegex(@"(?<!')\b[a-z]+(_[a-z]+)+\b(?!')")]
    private static partial Regex SnakeCaseWord();
}
