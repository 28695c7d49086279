using OmniTools.Errors;

namespace OmniTools.Mcp.Results;

/// <summary>A task of several that could not be followed or saved; the task itself is unchanged.</summary>
internal sealed class VideoTaskFailure
{
    public required string TaskId { get; init; }
    public required string Kind { get; init; }
    public required string Message { get; init; }

    /// <summary>A failure with the provider's words, or without and cut to a length.</summary>
    public static VideoTaskFailure From(string taskId, OmniException error, int? maximumLength = null) => new()
    {
        TaskId = taskId,
        Kind = ResultJson.ToSnakeCase(error.Kind.ToString()),
        Message = maximumLength is { } length
            ? VideoTaskRow.Truncate(error.Summary.TrimEnd('.'), length)!
            : string.Join("; ", new[] { error.Summary.TrimEnd('.'), ProviderQuote.Create(error) }.OfType<string>()),
    };
}
