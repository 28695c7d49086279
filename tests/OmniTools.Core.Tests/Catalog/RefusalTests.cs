using System.Globalization;
using System.Text;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Catalog;

public sealed class RefusalTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    private static readonly OmniSettings Settings = new()
    {
        Home = "unused",
        OutputRoot = "unused",
        Providers = new Dictionary<string, ProviderSettings>
        {
            ["apimart"] = new() { Key = new ApiKey("sk-0123456789") },
        },
    };

    [Fact]
    public void CheckRequest_WrongFieldsValuesAndReservedNames_GiveTheReviewedRefusals()
    {
        var text = new StringBuilder(
            "# Refusals\n\nWritten by RefusalTests with OMNI_UPDATE_CATALOG=1. Only APIMart has a key.\n\n");
        foreach (var (provider, model, request) in Mistakes)
        {
            var error = Assert.Throws<OmniException>(
                () => Settings.CheckRequest(request with { Model = model }, provider));
            Assert.Equal((OmniErrorKind.InvalidRequest, Charged.No, false), (error.Kind, error.Charged, error.WasSent));
            Assert.NotNull(error.Field);
            text.Append(CultureInfo.InvariantCulture, $"- {provider} {model}: {error.Message}\n");
        }
        Assert.InRange(Mistakes.Length, 40, 100);
        GoldenFile.Check("Refusals.md", text.ToString());
    }

    [Fact]
    public void Check_EachRuleBroken_GivesTheReviewedRefusal()
    {
        var text = new StringBuilder(
            "# Each rule of each model, broken once\n\nWritten by RefusalTests with OMNI_UPDATE_CATALOG=1.\n\n");
        foreach (var (provider, model) in CatalogSamples.Models)
        {
            foreach (var rule in model.Rules)
            {
                var request = rule.When.Where(test => test.Value.IsGiven != false)
                    .Aggregate(Cat, (given, test) => CatalogSamples.Give(given, model, test.Key, test.Value));
                foreach (var (name, test) in rule.Then)
                {
                    var broken = Break(request, model, name, test);
                    var error = Assert.Throws<OmniException>(() => RequestCheck.Check(broken, provider, model.Id));
                    text.Append(CultureInfo.InvariantCulture, $"- {provider.Id} {model.Id}: {error.Message}\n");
                }
                foreach (var name in rule.Drop)
                {
                    var check = RequestCheck.Check(CatalogSamples.Give(request, model, name), provider, model.Id);
                    Assert.False(CatalogFields.Find(name)!.IsGiven(check.Request));
                    text.Append(CultureInfo.InvariantCulture,
                        $"- {provider.Id} {model.Id}: {Assert.Single(check.Warnings)}\n");
                }
            }
        }
        GoldenFile.Check("Rules.md", text.ToString());
    }

    private static VideoRequest Break(VideoRequest request, ModelSpec model, string name, FieldTest test) => test switch
    {
        { IsGiven: true } => CatalogFields.Find(name)!.Set(request, null),
        { IsGiven: false } => CatalogSamples.Give(request, model, name),
        { Max: { } most } => CatalogSamples.Give(request, model, name, new() { Min = most + 1 }),
        _ => CatalogSamples.Give(request, model, name, new() { Values = [OtherValue(model, name, test)] }),
    };

    private static string OtherValue(ModelSpec model, string name, FieldTest test) => (model.FindField(name) switch
    {
        ChoiceField choice => choice.Values!,
        NumberField number => [.. (number.Values ?? [number.Min!.Value]).Select(value => $"{value}")],
        _ => throw new NotSupportedException(name),
    }).First(value => !test.Values!.Contains(value));

    private static VideoRequest With(string options) => Cat with { Options = RequestOptions.Parse(options) };

    private static string[] Images(int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"https://example.com/{i}.jpg")];

    private static readonly (string Provider, string Model, VideoRequest Request)[] Mistakes =
    [
        ("toapis", "gemini_omni_flash", new()),
        ("apimart", "gemini-omni-flash-preview", new()),
        ("toapis", "gemini_omni_flash", Cat with { AspectRatio = "1:1" }),
        ("toapis", "gemini_omni_flash", Cat with { Duration = 8 }),
        ("toapis", "gemini_omni_flash", Cat with { Duration = 60 }),
        ("toapis", "gemini_omni_flash", Cat with { Resolution = "1080p" }),
        ("toapis", "gemini_omni_flash", Cat with { Images = Images(1) }),
        ("toapis", "gemini_omni_flash", Cat with { FirstFrame = Images(1)[0] }),
        ("toapis", "gemini_omni_flash", Cat with { Audio = true }),
        ("toapis", "gemini_omni_flash", Cat with { Seed = 1 }),
        ("toapis", "gemini_omni_flash", Cat with { NegativePrompt = "rain" }),
        ("toapis", "gemini_omni_flash", Cat with { ExtendFrom = "video_1" }),
        ("toapis", "gemini_omni_flash", Cat with { Videos = ["https://example.com/a.mp4"] }),
        ("toapis", "gemini_omni_flash", With("""{"watermark":true}""")),
        ("toapis", "gemini-omni-flash", Cat with { Images = Images(2) }),
        ("toapis", "kling-v3", Cat with { Duration = 15, FirstFrame = Images(1)[0] }),
        ("toapis", "MiniMax-Hailuo-2.3", Cat with { Duration = 10, Resolution = "1080P" }),
        ("toapis", "seedance-2-mini", Cat with { Resolution = "1080p" }),
        ("toapis", "seedance-2-mini", With("""{"video_with_roles":[1,2,3,4]}""")),
        ("toapis", "seedance-2", With("""{"client_business_id":"k"}""")),
        ("toapis", "seedance-2", With("""{"metadata":{"client_business_id":"k"}}""")),
        ("toapis", "seedance-2", With("""{"metadata.callback_url":"https://example.com"}""")),
        ("toapis", "seedance-2", With("""{"image_urls":["https://example.com/a.png"]}""")),
        ("toapis", "seedance-2", With("""{"generate_audio":true}""")),
        ("toapis", "veo3.1-fast", With("""{"metadata":{"generation_type":"frame"}}""")),
        ("toapis", "veo3.1-fast", Cat with { Duration = 6 }),
        ("apimart", "gemini-omni-flash-preview", Cat with { Duration = 6 }),
        ("apimart", "gemini-omni-flash-preview", Cat with { Images = Images(17) }),
        ("apimart", "gemini-omni-flash-preview",
            Cat with { ExtendFrom = "task_1", Videos = ["https://example.com/a.mp4"] }),
        ("apimart", "gemini-omni-1.1-flash-ext", Cat with { Videos = ["/tmp/clip.mp4"] }),
        ("apimart", "kling-v3", Cat with { LastFrame = Images(1)[0] }),
        ("apimart", "kling-v3", With("""{"multi_shot":true}""")),
        ("apimart", "kling-v3", With("""{"mode":"pro"}""")),
        ("apimart", "kling-v3", With("""{"multi_shot":"yes"}""")),
        ("apimart", "kling-v3", With("""{"multi_prompt":[{"index":1,"webhook":"https://example.com"}]}""")),
        ("apimart", "kling-v3", With("""{"shot_type":"wild"}""")),
        ("apimart", "kling-3.0-turbo", Cat with { Prompt = new string('x', 3073) }),
        ("apimart", "seedance-2.5", With("""{"n":4}""")),
        ("apimart", "seedance-2.5", With("""{"Idempotency-Key":"k"}""")),
        ("apimart", "seedance-2.5", With("""{"webhook":"https://example.com"}""")),
        ("apimart", "seedance-2.5", Cat with { Duration = 31 }),
        ("apimart", "seedance-2.0-fast", Cat with { Resolution = "1080p" }),
        ("apimart", "a-newer-model", With("""{"extra":{"model":"another"}}""")),
        ("apimart", "a-newer-model", With("""{"duration":10}""")),
        ("apimart", "a-newer-model", With("""{"metadata":{"n":2}}""")),
        ("apimart", "a-newer-model", With("""{"a b":1}""")),
    ];
}
