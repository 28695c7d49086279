using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Requests;

namespace OmniTools.Submitting;

/// <summary>Turns local references into what travels: images are uploaded, a video goes inside the request.</summary>
internal static class ReferenceUploader
{
    /// <summary>Whether a file has to be sent ahead of the request.</summary>
    public static bool NeedsUpload(VideoRequest request) => request.Images.Any(IsLocal);

    /// <summary><paramref name="sent"/>: the image URLs of an earlier attempt, which have to be the same for the bytes to be the same.</summary>
    public static async Task<VideoRequest> ResolveAsync(IVideoProvider provider, VideoRequest request, IReadOnlyList<string>? sent, CancellationToken cancellationToken)
    {
        try
        {
            return await ResolveLocalFilesAsync(provider, request, sent, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CreateUnreadableError(failure);
        }
    }

    private static async Task<VideoRequest> ResolveLocalFilesAsync(IVideoProvider provider, VideoRequest request, IReadOnlyList<string>? sent, CancellationToken cancellationToken)
    {
        var images = sent ?? request.Images;
        if (images.Any(IsLocal))
        {
            var uploaded = new List<string>(images.Count);
            foreach (var image in images)
                uploaded.Add(IsLocal(image) ? await UploadAsync(provider, image, cancellationToken) : image);
            images = uploaded;
        }
        var video = request.Video is { } path && IsLocal(path) ? DataUri.Read(path, MediaFile.CheckVideo(path, null)) : request.Video;
        return request with { Images = images, Video = video };
    }

    private static async Task<string> UploadAsync(IVideoProvider provider, string image, CancellationToken cancellationToken)
    {
        OmniTrace.Verbose($"Uploading {image} to {provider.Spec.Name}");
        var mediaType = MediaFile.CheckImage(image);
        try
        {
            return await provider.UploadImageAsync(image, mediaType, cancellationToken);
        }
        catch (OmniException failure)
        {
            failure.Step = $"uploading {image}";
            throw;
        }
    }

    /// <summary>Reads local files that were there a moment ago; one that is gone is the request's trouble.</summary>
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

    private static OmniException CreateUnreadableError(Exception failure) => new(OmniErrorKind.InvalidRequest, "A reference file cannot be read any more", failure)
    {
        Charged = Charged.No, // References are read before the request is sent.
        Field = "image_urls, video_url",
        Received = failure.Message.TrimEnd('.'),
        NextStep = "Put the file back and submit again",
    };

    private static bool IsLocal(string reference) => Reference.GetForm(reference) == ReferenceForm.LocalFile;
}
