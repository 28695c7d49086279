using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Providers;
using OmniTools.Requests;

namespace OmniTools.Submitting;

/// <summary>Replaces local references: images are uploaded, a video goes inside the request.</summary>
internal static class ReferenceUploader
{
    /// <summary>Whether a file has to be sent ahead of the request.</summary>
    public static bool NeedsUpload(VideoRequest request) =>
        request.Images.Append(request.FirstFrame).Append(request.LastFrame)
        .Any(image => image is not null && IsLocal(image));

    /// <summary>
    /// <paramref name="sent"/>: an earlier attempt, whose image URLs have to be the same for the bytes to be the same.
    /// </summary>
    public static async Task<VideoRequest> ResolveAsync(IVideoProvider provider, VideoRequest request,
        VideoRequest? sent, CancellationToken cancellationToken)
    {
        try
        {
            var images = new List<string>();
            foreach (var image in sent?.Images ?? request.Images)
                images.Add((await ImageAsync(image))!);
            var videos = request.Videos.Select(
                video => IsLocal(video) ? DataUri.Read(video, MediaFile.CheckVideo(video, null)) : video);
            return request with
            {
                Images = images,
                FirstFrame = await ImageAsync((sent ?? request).FirstFrame),
                LastFrame = await ImageAsync((sent ?? request).LastFrame),
                Videos = [.. videos],
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CreateUnreadableError(failure);
        }

        async Task<string?> ImageAsync(string? image) =>
            image is not null && IsLocal(image) ? await UploadAsync(provider, image, cancellationToken) : image;
    }

    private static async Task<string> UploadAsync(IVideoProvider provider, string image,
        CancellationToken cancellationToken)
    {
        OmniTrace.Verbose($"Uploading {image} to {provider.Spec.Name}");
        var mediaType = MediaFile.CheckImage(image);
        try
        {
            return await provider.UploadImageAsync(image, mediaType, cancellationToken);
        }
        catch (OmniException failure)
        {
            throw failure.With(failure.Details with { Step = $"uploading {image}" });
        }
    }

    /// <summary>Reads local files. One that is gone by now is an error of the request.</summary>
    public static T ReadReference<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CreateUnreadableError(failure);
        }
    }

    private static OmniException CreateUnreadableError(Exception failure) =>
        new(OmniErrorKind.InvalidRequest, "A reference file cannot be read any more", new()
        {
            Charged = Charged.No, // References are read before the request is sent.
            Field = "image_urls, video_url",
            Received = failure.Message.TrimEnd('.'),
            NextStep = "Put the file back and submit again",
        }, failure);

    private static bool IsLocal(string reference) => Reference.GetForm(reference) == ReferenceForm.LocalFile;
}
