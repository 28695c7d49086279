using System.Text.Json;

namespace OmniTools.Mcp.Tests;

/// <summary>Reads answers of the tools.</summary>
internal static class AnswerExtensions
{
    /// <summary>The id of the task in an answer.</summary>
    public static string TaskId(this JsonElement answer) =>
        answer.GetProperty("task").GetProperty("id").GetString()!;

    /// <summary>A string in each element of a list.</summary>
    public static List<string?> Strings(this JsonElement answer, string list, string name) =>
        [.. answer.GetProperty(list).EnumerateArray().Select(each => each.GetProperty(name).GetString())];
}
