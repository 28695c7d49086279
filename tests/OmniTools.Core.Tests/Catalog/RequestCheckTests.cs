using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Catalog;

public sealed class RequestCheckTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };

    private static string[] Images(int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"https://example.com/{i}.jpg")];

    /// <summary>Wrong requests that are not in Refusals.md.</summary>
    public static TheoryData<string, VideoRequest, string, string> Refusals => new()
    {
        { "toapis", new() { Prompt = " \n" }, "prompt", "a text" },
        { "apimart", new() { ExtendFrom = "task_1" }, "prompt", "at least one reference" },
        { "apimart", Cat with { AspectRatio = "4:3" }, "aspect_ratio", "16:9 or 9:16" },
        { "apimart", Cat with { Resolution = "4k" }, "resolution", "720p" },
        { "apimart", Cat with { Images = ["ftp://example.com/a.jpg"] }, "image_urls", "http:// or https://" },
        { "apimart", Cat with { Images = ["data:image/png;base64,AAAA"] }, "image_urls", "http:// or https://" },
        { "apimart", Cat with { Videos = ["ftp://example.com/a.mp4"] }, "video_url", "one http(s) URL" },
        { "apimart", Cat with { Videos = ["data:image/png;base64,AAAA"] }, "video_url", "data:video/" },
        { "apimart", Cat with { Videos = ["data:video/mp4;base64," + Convert.ToBase64String(Mp4Sample.Bytes(25))] },
            "video_url", "1 to 24 s" },
        { "apimart", Cat with { RequestKey = "a b" }, "request_key", "1 to 191 characters" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Check_WrongRequest_NamesFieldReceivedAllowedAndThatNothingWasSpent(string provider,
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
    public void Check_UnknownModel_PassesWithAWarningAndTheCommonRules()
    {
        var spec = ModelCatalog.Provider("apimart");
        var result = RequestCheck.Check(Cat with { AspectRatio = "1:1", Resolution = "1080p" }, spec, "a-newer-model");
        Assert.Contains("a-newer-model", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(("a-newer-model", "1:1"), (result.Request.Model, result.Request.AspectRatio));
        Assert.Throws<OmniException>(() => RequestCheck.Check(Cat with { Images = Images(17) }, spec, "a-newer-model"));
    }

    [Fact]
    public void Provider_UnknownId_IsRefusedWithTheKnownOnes()
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
