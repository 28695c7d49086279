using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Catalog;

public sealed class RequestCheckTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    private static string[] Images(int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"https://example.com/{i}.jpg")];

    public static TheoryData<string, VideoRequest, string, string> Refusals => new()
    {
        { "toapis", new(), "prompt", "a text" },
        { "toapis", new() { Prompt = " \n" }, "prompt", "a text" },
        { "apimart", new(), "prompt", "at least one reference" },
        { "apimart", new() { ExtendFrom = "task_1" }, "prompt", "at least one reference" },
        { "toapis", Cat with { AspectRatio = "1:1" }, "aspect_ratio", "16:9 or 9:16" },
        { "apimart", Cat with { AspectRatio = "4:3" }, "aspect_ratio", "16:9 or 9:16" },
        { "toapis", Cat with { Duration = 8 }, "duration", "toapis: 6 or 10" },
        { "apimart", Cat with { Duration = 6 }, "duration", "none" },
        { "toapis", Cat with { Resolution = "1080p" }, "resolution", "720P" },
        { "apimart", Cat with { Resolution = "4k" }, "resolution", "720p" },
        { "toapis", Cat with { Images = Images(1) }, "image_urls", "none" },
        { "apimart", Cat with { Images = Images(17) }, "image_urls", "at most 16" },
        { "apimart", Cat with { Images = ["ftp://example.com/a.jpg"] }, "image_urls", "http:// or https://" },
        { "apimart", Cat with { Images = ["data:image/png;base64,AAAA"] }, "image_urls", "http:// or https://" },
        { "toapis", Cat with { Videos = ["https://example.com/a.mp4"] }, "video_url", "none" },
        { "apimart", Cat with { Videos = ["ftp://example.com/a.mp4"] }, "video_url", "one http(s) URL" },
        { "apimart", Cat with { Videos = ["data:image/png;base64,AAAA"] }, "video_url", "data:video/" },
        { "apimart", Cat with { Videos = ["data:video/mp4;base64," + Convert.ToBase64String(Mp4Sample.Bytes(25))] },
            "video_url", "1 to 24 s" },
        { "toapis", Cat with { ExtendFrom = "video_1" }, "extend_from_task_id", "none" },
        { "apimart", Cat with { ExtendFrom = "task_1", Videos = ["https://example.com/a.mp4"] }, "extend_from_task_id",
            "one of the two" },
        { "apimart", Cat with { RequestKey = "a b" }, "request_key", "1 to 191 characters" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_names_field_received_allowed_who_can_and_that_nothing_was_spent(string provider,
    VideoRequest request, string field, string allowed)
    {
        var error = Assert.Throws<OmniException>(() => Check(provider, request));
        Assert.Equal((OmniErrorKind.InvalidRequest, field), (error.Kind, error.Field));
        Assert.False(string.IsNullOrEmpty(error.Received));
        Assert.Contains(allowed, error.Allowed, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent or billed.", error.Message, StringComparison.Ordinal);
        Assert.Equal(Charged.No, error.Charged);
    }

    public static TheoryData<string, VideoRequest> Good => new()
    {
        { "toapis", Cat },
        { "toapis", Cat with { AspectRatio = "9:16", Duration = 10, Resolution = "720P" } },
        { "apimart", Cat with { AspectRatio = "16:9", Resolution = "720p", Images = Images(16) } },
        { "apimart", new() { Images = Images(1) } },
        { "apimart", new() { Videos = ["https://example.com/a.mp4"] } },
        { "apimart", new() { Videos = ["data:video/mp4;base64," + Convert.ToBase64String(Mp4Sample.Bytes(3))] } },
        { "apimart", Cat with { ExtendFrom = "task_1", Images = Images(2) } },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Check_PrintedRequest_PassesWithoutAWarning(string provider, VideoRequest request) =>
        Assert.Empty(Check(provider, request).Warnings);

    [Fact]
    public void Check_OtherSpelling_IsSentInTheProvidersSpelling()
    {
        Assert.Equal("720P", Check("toapis", Cat with { Resolution = "720p" }).Request.Resolution);
        Assert.Equal("720p", Check("apimart", Cat with { Resolution = " 720P " }).Request.Resolution);
        Assert.Equal("9:16", Check("apimart", Cat with { AspectRatio = " 9:16 " }).Request.AspectRatio);
        Assert.Null(Check("apimart", Cat with { AspectRatio = "" }).Request.AspectRatio);
    }

    [Fact]
    public void An_unknown_model_passes_with_a_warning_and_the_common_rules()
    {
        var spec = ModelCatalog.Provider("apimart");
        var result = RequestCheck.Check(Cat with { AspectRatio = "1:1", Resolution = "1080p" }, spec, "a-newer-model");
        Assert.Contains("a-newer-model", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(("a-newer-model", "1:1"), (result.Request.Model, result.Request.AspectRatio));
        Assert.Throws<OmniException>(() => RequestCheck.Check(Cat with { Images = Images(17) }, spec, "a-newer-model"));
    }

    [Fact]
    public void An_unknown_provider_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<OmniException>(() => ModelCatalog.Provider("nobody"));
        Assert.Equal(("provider", "nobody", "toapis, apimart"), (error.Field, error.Received, error.Allowed));
        Assert.Same(ModelCatalog.Providers[0], ModelCatalog.Provider("ToAPIs"));
    }

    private static CheckedRequest Check(string provider, VideoRequest request)
    {
        var spec = ModelCatalog.Provider(provider);
        return RequestCheck.Check(request, spec, spec.DefaultModel);
    }
}
