using System.ComponentModel.DataAnnotations;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Results;

/// <summary>Why a task failed.</summary>
internal sealed class VideoTaskErrorResult
{
    public required string Kind { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }

    [AllowedValues("no", "yes", "unknown")]
    public required string Charged { get; init; }

    /// <summary>The error of a task; null when it has none.</summary>
    /// <param name="task">The task.</param>
    /// <param name="isShort">Whether code and message are left out.</param>
    public static VideoTaskErrorResult? From(VideoTask task, bool isShort = false) =>
        task.Error is not { } error ? null : new()
        {
            Kind = ResultJson.ToSnakeCase(error.Kind.ToString()),
            Code = isShort ? null : error.Code,
            Message = isShort ? null : ProviderQuote.DescribeError(task, error),
            Charged = ResultJson.ToSnakeCase(error.Charged.ToString()),
        };
}
