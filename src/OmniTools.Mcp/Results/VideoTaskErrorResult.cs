using System.ComponentModel.DataAnnotations;

namespace OmniTools.Mcp.Results;

/// <summary>Why a task failed.</summary>
internal sealed record VideoTaskErrorResult(
    string Kind, string? Code, string? Message, [property: AllowedValues("no", "yes", "unknown")] string Charged)
{
    /// <summary>The error of a task; null when it has none.</summary>
    /// <param name="task">The task.</param>
    /// <param name="isShort">Whether code and message are left out.</param>
    public static VideoTaskErrorResult? From(VideoTask task, bool isShort = false) =>
        task.Error is not { } error ? null : new(
            ResultJson.ToSnakeCase(error.Kind.ToString()),
            isShort ? null : error.Code,
            isShort ? null : ProviderQuote.DescribeError(task, error),
            ResultJson.ToSnakeCase(error.Charged.ToString()));
}
