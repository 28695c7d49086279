using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Requests;

namespace OmniTools.Submitting;

/// <summary>Turns local references into what travels: images are uploaded, a video goes inside the request.</summary>
internal static class WireReferences
{
    /// <summary>Whether a file has to be sent ahead of the request.</summary>
    public static bool NeedsUpload(VideoRequest request) =>
        request.Images.Append(request.FirstFrame).Append(request.LastFrame).Any(image => image is not null && IsLocal(image));

    /// <summary><paramref name="sent"/>: an earlier attempt, whose image URLs have to be the same for the bytes to be the same.</summary>
    public static async Task<VideoRequest> ResolveAsync(IVideoProvider provider, VideoRequest request, VideoRequest? sent, CancellationToken stop)
    {
        try
        {
            return await TravellingAsync(provider, request, sent, stop);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Gone(failure);
        }
    }

    private static async Task<VideoRequest> TravellingAsync(IVideoProvider provider, VideoRequest request, VideoRequest? sent, CancellationToken stop)
    {
        var images = new List<string>();
        foreach (var image in sent?.Images ?? request.Images)
            images.Add((await ImageAsync(image))!);
        var videos = request.Videos.Select(video => IsLocal(video) ? DataUri.Read(video, MediaFile.CheckVideo(video, null)) : video);
        return request with
        {
            Images = images,
            FirstFrame = await ImageAsync((sent ?? request).FirstFrame),
            LastFrame = await ImageAsync((sent ?? request).LastFrame),
            Videos = [.. videos],
        };

        async Task<string?> ImageAsync(string? image) =>
            image is not null && IsLocal(image) ? await UploadAsync(provider, image, stop) : image;
    }

    private static async Task<string> UploadAsync(IVideoProvider provider, string image, CancellationToken stop)
    {
        OmniTrace.Verbose($"Uploading {image} to {provider.Spec.Name}");
        var mediaType = MediaFile.CheckImage(image);
        try
        {
            return await provider.UploadImageAsync(image, mediaType, stop);
        }
        catch (OmniException failure)
        {
            failure.Step = $"uploading {image}";
            throw;
        }
    }

    /// <summary>Reads local files that were there a moment ago; one that is gone is the request's trouble.</summary>
    public static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Gone(failure);
        }
    }

    private static OmniException Gone(Exception failure) => new(OmniErrorKind.InvalidRequest, "A reference file cannot be read any more", failure)
    {
        Charged = Charged.No, // References are read before the request is sent.
        Field = "image_urls, video_url",
        Received = failure.Message.TrimEnd('.'),
        NextStep = "Put the file back and submit again",
    };

    private static bool IsLocal(string reference) => Reference.FormOf(reference) == ReferenceForm.LocalFile;
}
