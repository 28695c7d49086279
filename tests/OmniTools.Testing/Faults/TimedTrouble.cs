using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>
/// A fault that lasts for a time, from the first request that meets it after so many accepted paid requests.
/// Every request of its kind is answered with a status, or its connection is reset.
/// </summary>
/// <param name="Kind">The kind of request; null: all.</param>
/// <param name="AfterCreates">How many paid requests are accepted before it.</param>
/// <param name="Duration">How long it lasts.</param>
/// <param name="Status">The status; null: the connection is reset.</param>
public sealed record TimedTrouble(RequestKind? Kind, int AfterCreates, TimeSpan Duration, int? Status)
{
    private long? since;

    /// <summary>Whether it is on for a request of this kind.</summary>
    internal bool IsOn(RequestKind kind, int creates)
    {
        if ((Kind is not null && Kind != kind) || creates < AfterCreates)
            return false;
        since ??= TimeProvider.System.GetTimestamp();
        return TimeProvider.System.GetElapsedTime(since.Value) < Duration;
    }

    internal Task AnswerAsync(HttpContext context)
    {
        if (Status is not { } status)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
