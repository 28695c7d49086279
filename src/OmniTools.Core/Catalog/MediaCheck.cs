using System.Globalization;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>Checks the references of a request: their number, and that each is what the model takes.</summary>
internal static class MediaCheck
{
    public static void Check(VideoRequest request, ModelSpec rules, Refusals refusals)
    {
        CheckImages("images", request.Images, rules.Images, refusals);
        CheckImages("first_frame", request.FirstFrame is { } first ? [first] : [], rules.FirstFrame, refusals);
        CheckImages("last_frame", request.LastFrame is { } last ? [last] : [], rules.LastFrame, refusals);
        CheckVideos(request.Videos, rules.Videos, refusals);
    }

    private static void CheckImages(string name, IReadOnlyList<string> given, MediaField? field, Refusals refusals)
    {
        if (given.Count == 0)
            return;
        CheckCount(name, given, field, "image", refusals);
        foreach (var image in given)
        {
            var form = Reference.GetForm(image);
            if (form == ReferenceForm.LocalFile)
                MediaFile.CheckImage(image, CatalogFields.ToErrorField(name));
            else if (form != ReferenceForm.Url)
            {
                throw refusals.Refuse(name, "A reference image has to be an http(s) URL",
                    Reference.ToDisplayText(image),
                    "http:// or https:// URLs of JPEG or PNG images, or local files of these");
            }
        }
    }

    private static void CheckVideos(IReadOnlyList<string> given, MediaField? field, Refusals refusals)
    {
        if (given.Count == 0)
            return;
        CheckCount("videos", given, field, "video", refusals);
        foreach (var video in given)
        {
            switch (Reference.GetForm(video))
            {
                case ReferenceForm.LocalFile when field!.Data:
                    MediaFile.CheckVideo(video, field.MaxSeconds);
                    break;
                case ReferenceForm.Data
                    when field!.Data && video.StartsWith("data:video/", StringComparison.OrdinalIgnoreCase):
                    MediaFile.CheckSeconds(DataUri.Seconds(video), field.MaxSeconds, video);
                    break;
                case ReferenceForm.Url:
                    break;
                default:
                    throw refusals.Refuse("videos", "The reference video cannot be used",
                        Reference.ToDisplayText(video),
                        field!.Data
                        ? "one http(s) URL, a data:video/… URI, or a local MP4, MOV or WebM file"
                        : "http(s) URLs");
            }
        }
    }

    private static void CheckCount(string name, IReadOnlyList<string> given, MediaField? field, string noun,
        Refusals refusals)
    {
        if (field is null)
        {
            throw refusals.Refuse(name, $"{refusals.ModelName} takes no {Words(name)}",
                given.Count == 1 ? Reference.ToDisplayText(given[0]) : Count(given.Count, noun), "none");
        }
        if (!field.Allows(given.Count))
        {
            throw refusals.Refuse(name,
                field.Counts is null
                ? $"There are too many {Words(name)}s"
                : $"{refusals.ModelName} does not take so many {Words(name)}s",
                Count(given.Count, noun), field.ToString());
        }
    }

    private static string Words(string name) => name switch
    {
        "images" => "reference image",
        "videos" => "reference video",
        _ => name.Replace('_', ' '),
    };

    private static string Count(int count, string noun) =>
        count.ToString(CultureInfo.InvariantCulture) + " " + noun + (count == 1 ? "" : "s");
}
