namespace OmniTools.Mcp.Results;

/// <summary>A task of several that could not be followed or saved; the task itself is unchanged.</summary>
internal sealed record VideoTaskFailure(string TaskId, string Kind, string Message)
{
    /// <summary>A failure with the provider's words, or without and cut to a length.</summary>
    public static VideoTaskFailure From(string taskId, OmniException error, int? maximumLength = null)
    {
        var summary = error.Summary.TrimEnd('.');
        return new(taskId, ResultJson.ToSnakeCase(error.Kind.ToString()),
            maximumLength is { } length ? ProviderText.Shorten(summary, length)
            : ProviderQuote.Create(error) is { } quote ? $"{summary}; {quote}"
            : summary);
    }
}
