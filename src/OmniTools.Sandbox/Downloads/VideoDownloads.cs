using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OmniTools.Sandbox.Storage;

namespace OmniTools.Sandbox.Downloads;

/// <summary>The result host: complete videos and ranges of them, until their URLs expire.</summary>
internal sealed class VideoDownloads(SandboxTaskStore store, TimeProvider timeProvider)
{
    /// <summary>A host that can exist nowhere (RFC 2606).</summary>
    public const string Origin = "https://sandbox.omnitools.invalid";

    private const string Folder = "/videos/";
    private const string Ending = ".mp4";

    public HttpResponseMessage Respond(HttpRequestMessage request)
    {
        try
        {
            return Serve(request);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return new(HttpStatusCode.InternalServerError);
        }
    }

    private HttpResponseMessage Serve(HttpRequestMessage request)
    {
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            return new(HttpStatusCode.MethodNotAllowed);
        if (Find(request.RequestUri!.AbsolutePath) is not { } task || !task.HasVideo
            || !task.HasEnded(timeProvider.GetUtcNow()))
            return new(HttpStatusCode.NotFound);
        if (timeProvider.GetUtcNow() >= task.ExpiresAt)
            return new(HttpStatusCode.Forbidden);

        return Respond(request, SampleVideo.Get(task.IsPortrait, task.Seconds));
    }

    /// <summary>The video, or the range of it that was requested.</summary>
    public static HttpResponseMessage Respond(HttpRequestMessage request, SampleVideo clip)
    {
        var all = clip.Content.Length;
        if (request.Method == HttpMethod.Head || ParseRange(request, clip) is not { } range)
            return CreateResponse(clip, HttpStatusCode.OK, 0, all, isHead: request.Method == HttpMethod.Head);
        // "bytes=-5" are the last five; an end beyond the video is its end.
        var from = range.From ?? Math.Max(0, all - range.To!.Value);
        var to = range.From is null ? all - 1 : Math.Min(range.To ?? all - 1, all - 1);
        if (from >= all || (range.From is null && range.To == 0))
        {
            var beyond = CreateResponse(clip, HttpStatusCode.RequestedRangeNotSatisfiable, 0, 0);
            beyond.Content.Headers.ContentRange = new(all);
            return beyond;
        }
        var part = CreateResponse(clip, HttpStatusCode.PartialContent, (int)from, (int)(to - from + 1));
        part.Content.Headers.ContentRange = new(from, to, all);
        return part;
    }

    private SandboxTask? Find(string path)
    {
        if (!path.StartsWith(Folder, StringComparison.Ordinal) || !path.EndsWith(Ending, StringComparison.Ordinal)
            || path.Length <= Folder.Length + Ending.Length)
            return null;
        var id = path[Folder.Length..^Ending.Length];
        return SandboxId.IsValid("video_", id) || SandboxId.IsValid("task_", id) ? store.Find(id) : null;
    }

    // Several ranges, another unit, or an If-Range that is not this video's strong ETag: the complete video.
    private static RangeItemHeaderValue? ParseRange(HttpRequestMessage request, SampleVideo clip) =>
        request.Headers.Range is { Unit: "bytes", Ranges.Count: 1 } range
        && (request.Headers.IfRange is not { } condition
        || condition.EntityTag is { IsWeak: false } tag && tag.Tag == clip.ETag)
            ? range.Ranges.First()
            : null;

    private static HttpResponseMessage CreateResponse(SampleVideo clip, HttpStatusCode status, int from, int length,
        bool isHead = false)
    {
        var response = new HttpResponseMessage(status)
        {
            Content = isHead ? new ByteArrayContent([]) : new ByteArrayContent(clip.Content, from, length),
        };
        response.Content.Headers.ContentLength = length;
        response.Content.Headers.ContentType = new("video/mp4");
        response.Headers.AcceptRanges.Add("bytes");
        response.Headers.ETag = new(clip.ETag);
        return response;
    }
}
