namespace OmniTools.Sandbox.Protocol;

/// <summary>The words that steer the sandbox, like the test cards of a payment sandbox.</summary>
public static class SandboxTriggers
{
    internal const string Fail = "[fail]";
    internal const string Moderated = "[moderated]";
    internal const string RateLimited = "[rate-limited]";
    internal const string Slow = "[slow]";
    internal const string NoBalance = "[no-balance]";
    internal const string LostAnswer = "[lost-answer]";
    internal const string NoVideo = "[no-video]";
    internal const string Expired = "[expired]";

    /// <summary>Every word and what it does.</summary>
    public static IReadOnlyList<SandboxTrigger> All { get; } =
    [
        new(Fail, "The task is accepted and ends as failed"),
        new(Moderated, "The submission is refused by the content policy (ToAPIs: HTTP 422, APIMart: HTTP 400)"),
        new(RateLimited,
            "The first submission is answered with HTTP 429 and Retry-After: 1; the same one again is accepted"),
        new(Slow, "The generation takes ten times as long"),
        new(NoBalance, "The submission is refused for want of balance (HTTP 402)"),
        new(LostAnswer,
            "The task is accepted, then the connection breaks before the answer; asking again with the same request "
            + "key finds it"),
        new(NoVideo, "The task completes without a video"),
        new(Expired, "The task completes and its video's URL has expired already (HTTP 403)"),
    ];

    internal static bool Contains(string? prompt, string word) =>
        prompt?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
