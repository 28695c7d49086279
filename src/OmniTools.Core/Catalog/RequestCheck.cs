using System.Globalization;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>A request that the provider can do, in the provider's spelling.</summary>
internal sealed record CheckedRequest(VideoRequest Request, ProviderSpec Provider, ModelSpec Model, IReadOnlyList<string> Warnings)
{
    /// <summary>The aspect ratio the clip will have: as asked for, else the provider's default; null where it is not known.</summary>
    public string? AspectRatio => Request.AspectRatio ?? Model.DefaultAspectRatio;

    /// <summary>The same of its length in seconds.</summary>
    public int? Duration => Request.Duration ?? Model.DefaultDuration;

    /// <summary>The same of its resolution.</summary>
    public string? Resolution => Request.Resolution ?? Model.DefaultResolution;
}

/// <summary>Holds a request against the catalog before a byte is sent: every refusal names field, received, allowed and what to do.</summary>
internal static class RequestCheck
{
    /// <summary>The longest part of a given value that an error repeats.</summary>
    private const int MaximumEcho = 200;

    /// <summary>Whether a provider's model takes the request as it is.</summary>
    public static bool CanDo(VideoRequest request, ProviderSpec provider, OmniSettings settings)
    {
        try
        {
            Check(request, provider, settings.GetModel(provider, request.Model), findsAnother: false);
            return true;
        }
        catch (OmniException)
        {
            return false;
        }
    }

    /// <param name="request">The request.</param>
    /// <param name="provider">The provider it is for.</param>
    /// <param name="model">The provider's model.</param>
    /// <param name="settings">Which other providers can be used; null: all of them.</param>
    /// <param name="findsAnother">Whether a refusal names another provider that can do this.</param>
    public static CheckedRequest Check(VideoRequest request, ProviderSpec provider, string model,
        OmniSettings? settings = null, bool findsAnother = true)
    {
        if (request.RequestKey is { } key)
            RequestKey.Validate(key);
        var rules = provider.Rules(model, out var isKnown);
        var prompt = string.IsNullOrWhiteSpace(request.Prompt) ? null : request.Prompt;
        var extend = string.IsNullOrWhiteSpace(request.ExtendFrom) ? null : request.ExtendFrom;

        CheckImages();
        CheckVideo();
        CheckExtend();
        CheckPrompt();
        CheckOthers();
        var aspectRatio = CheckOneOf("aspect_ratio", request.AspectRatio, rules.AspectRatios);
        CheckDuration();
        var resolution = CheckOneOf("resolution", request.Resolution, rules.Resolutions);

        return new(
            request with { Prompt = prompt, Provider = provider.Id, Model = model, ExtendFrom = extend, AspectRatio = aspectRatio, Resolution = resolution },
            provider,
            rules,
            isKnown ? [] : [$"The model '{ProviderText.Clean(model)}' is not in the catalog of {provider.Name}: it is sent as it is, and only the rules common to all its models were checked."]);

        void CheckPrompt()
        {
            if (prompt is null && !(rules.PromptOptional && request.Images.Count + request.Videos.Count > 0))
            {
                throw Refused("prompt", "A prompt is missing", "nothing", rules.PromptOptional
                    ? "a text, or at least one reference image or video"
                    : "a text: this provider always needs one");
            }
        }

        void CheckOthers()
        {
            (string Field, object? Given)[] others =
            [
                ("negative_prompt", request.NegativePrompt), ("first_frame_url", request.FirstFrame),
                ("last_frame_url", request.LastFrame), ("audio", request.Audio), ("seed", request.Seed),
                ("options", request.Options.Keys.FirstOrDefault()),
            ];
            foreach (var (field, given) in others.Where(each => each.Given is not null))
                throw Refused(field, $"{model} on {provider.Name} does not take this", ProviderText.Clean(given!.ToString()) ?? "", "none");
        }

        void CheckImages()
        {
            if (request.Images.Count > rules.MaxImages)
            {
                throw Refused("image_urls", rules.MaxImages == 0 ? $"{model} on {provider.Name} takes no reference images" : "There are too many reference images",
                    Count(request.Images.Count, "image"), rules.MaxImages == 0 ? "none" : $"at most {rules.MaxImages}");
            }
            foreach (var image in request.Images)
            {
                var form = Reference.GetForm(image);
                if (form == ReferenceForm.LocalFile && rules.UploadImages)
                    MediaFile.CheckImage(image);
                else if (form != ReferenceForm.Url)
                    throw Refused("image_urls", "A reference image has to be an http(s) URL", Reference.ToDisplayText(image), "http:// or https:// URLs of JPEG or PNG images, or local files of these");
            }
        }

        void CheckVideo()
        {
            if (request.Videos is not [var video, ..])
                return;
            if (rules.MaxVideos == 0)
                throw Refused("video_url", $"{model} on {provider.Name} takes no reference video",
                    Reference.ToDisplayText(video), "none");
            if (request.Videos.Count > rules.MaxVideos)
                throw Refused("video_url", "There are too many reference videos", Count(request.Videos.Count, "video"), $"at most {rules.MaxVideos}");
            switch (Reference.GetForm(video))
            {
                case ReferenceForm.LocalFile when rules.DataVideo:
                    MediaFile.CheckVideo(video, rules.MaxVideoSeconds);
                    break;
                case ReferenceForm.Data when rules.DataVideo && video.StartsWith("data:video/", StringComparison.OrdinalIgnoreCase):
                    MediaFile.CheckSeconds(DataUri.Seconds(video), rules.MaxVideoSeconds, video);
                    break;
                case ReferenceForm.Url:
                    break;
                default:
                    throw Refused("video_url", "The reference video cannot be used", Reference.ToDisplayText(video), "one http(s) URL, a data:video/… URI, or a local MP4, MOV or WebM file");
            }
        }

        void CheckExtend()
        {
            if (extend is null)
                return;
            if (!rules.CanExtend)
                throw Refused("extend_from_task_id", $"{model} on {provider.Name} cannot continue an earlier video",
                    ProviderText.Clean(extend) ?? "", "none");
            if (rules.ExtendExcludesVideo && request.Videos is [var video, ..])
                throw Refused("extend_from_task_id", "A reference video and an earlier task exclude each other", $"{Reference.ToDisplayText(video)} and {ProviderText.Clean(extend)}", "one of the two");
        }

        void CheckDuration()
        {
            if (request.Duration is not { } seconds || rules.Durations is not { } allowed || allowed.Contains(seconds))
                return;
            throw Refused("duration", allowed.Count == 0 ? $"{provider.Name} has no duration to set: the prompt decides it" : $"{model} does not make clips of this length",
                $"{seconds} s", allowed.Count == 0 ? "none" : $"{provider.Id}: {string.Join(" or ", allowed)}");
        }

        string? CheckOneOf(string field, string? given, IReadOnlyList<string>? allowed)
        {
            if (string.IsNullOrWhiteSpace(given))
                return null;
            if (allowed is null)
                return given;
            return allowed.FirstOrDefault(each => string.Equals(each, given.Trim(), StringComparison.OrdinalIgnoreCase))
                ?? throw Refused(field, $"{model} does not take this {field.Replace('_', ' ')}",
                    ProviderText.Clean(given) ?? "", $"{provider.Id}: {string.Join(" or ", allowed)}");
        }

        OmniException Refused(string field, string what, string received, string allowed) =>
            new(OmniErrorKind.InvalidRequest, what)
            {
                Charged = Charged.No, // Nothing was sent.
                Field = field,
                Received = received.Length > MaximumEcho ? received[..MaximumEcho] + "…" : received,
                Allowed = allowed,
                Provider = provider.Id,
                NextStep = (findsAnother ? FindAnother(request, provider, settings, field) : null)
                ?? (allowed == "none" ? $"Leave {field} out and submit again" : $"Correct {field} and submit again"),
            };
    }

    private static string? FindAnother(VideoRequest request, ProviderSpec provider, OmniSettings? settings,
        string field)
    {
        // The model that was named is this provider's.
        var wanted = request with { Model = null };
        var others = ModelCatalog.Providers.Where(spec =>
            spec != provider && CanDo(wanted, spec, settings ?? new() { Home = "", OutputRoot = "" })).ToList();
        if (others.FirstOrDefault(spec => settings is null || settings.ReadyProviders.Contains(spec)) is { } ready)
            return $"Provider '{ready.Id}' can do this: choose it, or leave {field} out";
        return others is [var other, ..]
            ? $"Provider '{other.Id}' can do this and has no key: set {other.KeyVariable}, or leave {field} out" : null;
    }

    private static string Count(int count, string noun) => count.ToString(CultureInfo.InvariantCulture) + " " + noun + (count == 1 ? "" : "s");
}
