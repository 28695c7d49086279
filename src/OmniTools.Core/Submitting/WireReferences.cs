using OmniTools.Http;
using OmniTools.Providers;
using OmniTools.Requests;

namespace OmniTools.Submitting;

/// <summary>Turns local references into what travels: images are uploaded, a video goes inside the request.</summary>
internal static class WireReferences
{
    /// <summary><paramref name="sent"/>: the image URLs of an earlier attempt, which have to be the same for the bytes to be the same.</summary>
    public static async Task<VideoRequest> ResolveAsync(IVideoProvider provider, VideoRequest request, IReadOnlyList<string>? sent, CancellationToken stop)
    {
        var images = sent ?? request.Images;
        if (images.Any(IsLocal))
        {
            var uploaded = new List<string>(images.Count);
            foreach (var image in images)
            {
                if (IsLocal(image))
                    OmniTrace.Verbose($"Uploading {image} to {provider.Spec.Name}");
                uploaded.Add(IsLocal(image) ? await provider.UploadImageAsync(image, MediaFile.CheckImage(image), stop) : image);
            }
            images = uploaded;
        }
        var video = request.Video is { } path && IsLocal(path) ? DataUri.Read(path, MediaFile.CheckVideo(path, null)) : request.Video;
        return request with { Images = images, Video = video };
    }

    private static bool IsLocal(string reference) => Reference.FormOf(reference) == ReferenceForm.LocalFile;
}
