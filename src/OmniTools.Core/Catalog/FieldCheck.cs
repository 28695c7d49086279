using System.Globalization;
using OmniTools.Errors;
using OmniTools.Requests;
using static System.FormattableString;

namespace OmniTools.Catalog;

/// <summary>Checks the values of a request against what a model takes in each field.</summary>
internal static class FieldCheck
{
    /// <summary>The request with its choices in the catalog's spelling.</summary>
    public static VideoRequest Check(VideoRequest request, ModelSpec model, Refusals refusals)
    {
        foreach (var field in CatalogFields.Fields.Where(field => field.IsGiven(request)))
        {
            var name = field.Name;
            switch (field.FindSpec(model), field.Get(request))
            {
                case (null, var given):
                    throw RefuseGiven(field, given!, refusals);
                case (TextField text, string given) when given.Length > text.MaxLength:
                    throw refusals.Refuse(name, $"The {ToPlainName(field)} is too long",
                        $"{given.Length} characters", $"at most {text.MaxLength}");
                case (NumberField number, long given) when !number.Allows(given):
                    throw name != "duration"
                        ? refusals.Refuse(name, $"{refusals.Model} does not take this {name}", Invariant($"{given}"),
                            $"{number}")
                        : refusals.Refuse(name, $"{refusals.Model} does not make clips of this length",
                            Invariant($"{given} s"), $"{refusals.Provider.Id}: {number}");
                case (ChoiceField choice, string given):
                    request = field.Set(request, choice.Find(given) ?? throw refusals.Refuse(name,
                        $"{refusals.Model} does not take this {ToPlainName(field)}", given,
                        $"{refusals.Provider.Id}: {choice}"));
                    break;
                case (MediaField media, IReadOnlyList<string> given):
                    CheckMedia(field, media, given, refusals);
                    break;
            }
        }
        return request;
    }

    // A field that the model does not take.
    private static OmniException RefuseGiven(CatalogField field, object given, Refusals refusals) => given switch
    {
        IReadOnlyList<string> references => refusals.Refuse(field.Name,
            $"{refusals.ModelName} takes no {ToNoun(field)}",
            references is [var only] ? Reference.ToDisplayText(only) : Count(field, references), "none"),
        long seconds when field.Name == "duration" => refusals.Refuse(field.Name,
            $"{refusals.ModelName} has no duration to set: the model decides it", Invariant($"{seconds} s"), "none"),
        string task when field.Name == "extend" => refusals.Refuse(field.Name,
            $"{refusals.ModelName} cannot continue an earlier video", task, "none"),
        bool isOn => refusals.NotTaken(field, isOn ? "on" : "off"),
        _ => refusals.NotTaken(field, Convert.ToString(given, CultureInfo.InvariantCulture)!),
    };

    private static void CheckMedia(CatalogField field, MediaField media, IReadOnlyList<string> given,
        Refusals refusals)
    {
        if (!media.Allows(given.Count))
            throw refusals.Refuse(field.Name,
                media.Counts is null ? $"There are too many {ToNoun(field)}s"
                    : $"{refusals.ModelName} does not take so many {ToNoun(field)}s",
                Count(field, given), $"{media}");
        foreach (var reference in given)
        {
            switch (Reference.GetForm(reference))
            {
                case ReferenceForm.Url:
                    break;
                case ReferenceForm.LocalFile when field.Name != "videos":
                    MediaFile.CheckImage(reference, field.ErrorField);
                    break;
                case ReferenceForm.LocalFile when media.Data:
                    MediaFile.CheckVideo(reference, media.MaxSeconds);
                    break;
                case ReferenceForm.Data when field.Name == "videos" && media.Data && DataUri.IsVideo(reference):
                    MediaFile.CheckSeconds(DataUri.Seconds(reference), media.MaxSeconds, reference);
                    break;
                default:
                    throw field.Name != "videos"
                        ? refusals.Refuse(field.Name, "A reference image has to be an http(s) URL",
                            Reference.ToDisplayText(reference),
                            "http:// or https:// URLs of JPEG or PNG images, or local files of these")
                        : refusals.Refuse(field.Name, "The reference video cannot be used",
                            Reference.ToDisplayText(reference),
                            media.Data ? "one http(s) URL, a data:video/… URI, or a local MP4, MOV or WebM file"
                                : "http(s) URLs");
            }
        }
    }

    private static string ToNoun(CatalogField field) => field.Name switch
    {
        "images" => "reference image",
        "videos" => "reference video",
        _ => ToPlainName(field),
    };

    private static string ToPlainName(CatalogField field) => field.Name.Replace('_', ' ');

    private static string Count(CatalogField field, IReadOnlyList<string> given) =>
        $"{given.Count} {(field.Name == "videos" ? "video" : "image")}{(given.Count == 1 ? "" : "s")}";
}
