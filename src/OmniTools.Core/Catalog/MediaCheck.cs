using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>Checks the references of a request: their number, and that each is what the model takes.</summary>
internal static class MediaCheck
{
    public static void Check(VideoRequest request, ModelSpec rules, Refusals refusals)
    {
        foreach (var field in CatalogFields.Fields)
        {
            if (field.Get(request) is not IReadOnlyList<string> { Count: > 0 } given)
                continue;
            var noun = field.Name switch
            {
                "images" => "reference image",
                "videos" => "reference video",
                _ => field.Name.Replace('_', ' '),
            };
            var spec = field.FindSpec(rules) as MediaField ?? throw refusals.Refuse(field.Name,
                $"{refusals.ModelName} takes no {noun}",
                given.Count == 1 ? Reference.ToDisplayText(given[0]) : Count(field, given), "none");
            if (!spec.Allows(given.Count))
                throw refusals.Refuse(field.Name,
                    spec.Counts is null ? $"There are too many {noun}s"
                        : $"{refusals.ModelName} does not take so many {noun}s",
                    Count(field, given), spec.ToString());
            foreach (var reference in given)
            {
                if (field.Name == "videos")
                    CheckVideo(reference, spec, refusals);
                else
                    CheckImage(reference, field, refusals);
            }
        }
    }

    private static void CheckImage(string image, CatalogField field, Refusals refusals)
    {
        var form = Reference.GetForm(image);
        if (form == ReferenceForm.LocalFile)
            MediaFile.CheckImage(image, field.ErrorField);
        else if (form != ReferenceForm.Url)
            throw refusals.Refuse(field.Name, "A reference image has to be an http(s) URL",
                Reference.ToDisplayText(image),
                "http:// or https:// URLs of JPEG or PNG images, or local files of these");
    }

    private static void CheckVideo(string video, MediaField spec, Refusals refusals)
    {
        switch (Reference.GetForm(video))
        {
            case ReferenceForm.Url:
                break;
            case ReferenceForm.LocalFile when spec.Data:
                MediaFile.CheckVideo(video, spec.MaxSeconds);
                break;
            case ReferenceForm.Data when spec.Data && DataUri.IsVideo(video):
                MediaFile.CheckSeconds(DataUri.Seconds(video), spec.MaxSeconds, video);
                break;
            default:
                throw refusals.Refuse("videos", "The reference video cannot be used", Reference.ToDisplayText(video),
                    spec.Data ? "one http(s) URL, a data:video/… URI, or a local MP4, MOV or WebM file"
                        : "http(s) URLs");
        }
    }

    private static string Count(CatalogField field, IReadOnlyList<string> given) =>
        $"{given.Count} {(field.Name == "videos" ? "video" : "image")}{(given.Count == 1 ? "" : "s")}";
}
