using Microsoft.AspNetCore.Http;

namespace OmniTools.Testing;

/// <summary>
/// One fault, met by one request. By default it happens after the server did its work: only the answer is lost.
/// </summary>
public abstract record Fault
{
    /// <summary>Whether the server does its work (accepts a paid request, for one) before it misbehaves.</summary>
    public bool Accepted { get; init; } = true;

    public static Fault ResetBeforeAccepting { get; } = new Reset { Accepted = false };

    /// <summary>Accepted, and the answer is lost.</summary>
    public static Fault ResetAfterAccepting { get; } = new Reset();

    /// <summary>
    /// Accepted, and no answer before <see cref="LoopbackProvider.Release"/> or the end of the server.
    /// </summary>
    public static Fault HangAfterAccepting { get; } = new Hang();

    /// <summary>
    /// Not read before <see cref="LoopbackProvider.Release"/>; never if the client disconnects first.
    /// </summary>
    public static Fault HangUntilReleased { get; } = new Hang { Accepted = false };

    public static Fault MalformedJson { get; } = new StatusResponse(200, "{\"id\": \"video_")
    {
        ContentType = "application/json",
    };

    public static Fault HtmlInsteadOfMp4 { get; } = new StatusResponse(200, "<!doctype html><title>Sign in</title>")
    {
        ContentType = "text/html",
    };

    public static Fault TruncatedBody { get; } = new Truncated();

    /// <summary>Content-Length promises the whole, so many bytes come, the connection breaks.</summary>
    public static Fault CutAfter(int bytes) => new Cut(bytes);

    public static Fault ChangedETag { get; } = new ReplacedFile();

    public static Fault IgnoreIfRange(byte[] content) => new IgnoredIfRange(content);

    public static Fault IgnoreRange { get; } = new IgnoredRange();

    public static Fault WrongContentRange { get; } = new ShiftedContentRange();

    /// <summary>A range is answered with so many bytes, of a file whose length is not told.</summary>
    public static Fault RangeOfUnknownLength(int bytes) => new OpenContentRange(bytes);

    /// <summary>Any status, certainly not accepted; headers such as <c>("Retry-After", "2")</c>.</summary>
    public static Fault Status(int status, string body = "", params (string Name, string Value)[] headers) =>
        new StatusResponse(status, body, headers) { Accepted = false };

    /// <summary>Any status after the request was accepted.</summary>
    public static Fault StatusAfterAccepting(int status, string body = "",
        params (string Name, string Value)[] headers) => new StatusResponse(status, body, headers);

    public static Fault Redirect(string location, int status = 307) => Status(status, "", ("Location", location));

    public static Fault UnknownStatusWord(string word) => new UnknownStatusWord(word);

    /// <summary>Sends the first bytes one by one and the rest after <see cref="LoopbackProvider.Release"/>.</summary>
    public static Fault SlowDrip(int bytes) => new Drip(bytes);

    /// <summary>Half the file, with a weak ETag or none, so that its version is uncertain.</summary>
    public static Fault TruncatedBodyOf(string? etag) =>
        new Truncated { Change = reply => reply with { Headers = etag is null ? [] : new() { ["ETag"] = etag } } };

    /// <summary>The whole file, chunked, its length untold.</summary>
    public static Fault UnknownLength { get; } = new UnknownLength();

    /// <summary>Sends so many bytes and the rest after <see cref="LoopbackProvider.Release"/>.</summary>
    public static Fault HoldAfter(int bytes) => new Hold(bytes);

    internal virtual void Before(LoopbackProvider server, HttpContext context)
    {
    }

    /// <summary>Answers in its own way; <paramref name="work"/> is what the server does, once, and would say.</summary>
    internal abstract Task RespondAsync(LoopbackProvider server, HttpContext context, Func<LoopbackResponse> work);
}
