using OmniTools.Catalog;
using OmniTools.Requests;
using OmniTools.Submitting;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>Which requests are the same one: the question behind "the same key twice" and behind twins.</summary>
public sealed class ContentHashTests : IDisposable
{
    private static readonly ModelSpec Model = new()
    {
        AspectRatio = new() { Default = "16:9" },
        Duration = new() { Default = 6 },
        Resolution = new() { Default = "720p" },
        Audio = new() { Wire = "audio" },
    };

    private static readonly VideoRequest Cat = new()
    {
        Provider = "toapis",
        Model = "m",
        Prompt = "a cat",
        Images = ["https://a.example/1.png"],
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ContentHash_AnyFieldDiffers_IsAnother()
    {
        VideoRequest[] all =
        [
            Cat,
            Cat with { Provider = "apimart" },
            Cat with { Model = "n" },
            Cat with { Prompt = "a dog" },
            Cat with { Prompt = null },
            Cat with { AspectRatio = "9:16" },
            Cat with { Duration = 10 },
            Cat with { Resolution = "1080p" },
            Cat with { ExtendFrom = "task_1" },
            Cat with { ExtendFrom = "task_2" },
            Cat with { Videos = ["https://a.example/1.mp4"] },
            Cat with { Videos = ["https://a.example/2.mp4"] },
            Cat with { Videos = ["https://a.example/1.mp4", "https://a.example/2.mp4"] },
            Cat with { Videos = ["https://a.example/1.png"], Images = [] },
            Cat with { FirstFrame = "https://a.example/1.png", Images = [] },
            Cat with { LastFrame = "https://a.example/1.png", Images = [] },
            Cat with { FirstFrame = "https://a.example/1.png" },
            Cat with { NegativePrompt = "rain" },
            Cat with { Audio = true },
            Cat with { Audio = false },
            Cat with { Seed = 0 },
            Cat with { Seed = 6 },
            Cat with { Options = RequestOptions.Parse("""{"watermark":true}""") },
            Cat with { Options = RequestOptions.Parse("""{"watermark":false}""") },
            Cat with { Options = RequestOptions.Parse("""{"watermark":"true"}""") },
            Cat with { Options = RequestOptions.Parse("""{"shots":[1,2]}""") },
            Cat with { Options = RequestOptions.Parse("""{"shots":[2,1]}""") },
            Cat with { Images = [] },
            Cat with { Images = ["https://a.example/2.png"] },
            Cat with { Images = ["https://a.example/1.png", "https://a.example/2.png"] },
            Cat with { Images = ["https://a.example/2.png", "https://a.example/1.png"] },
            // The same letters, told apart only by where a field ends.
            Cat with { Model = "ma", Prompt = " cat" },
            Cat with { Prompt = "a cat9:1", AspectRatio = "6" },
            Cat with { Prompt = "a cat9:", AspectRatio = "16" },
        ];
        Assert.Distinct(all.Select(Hash));
    }

    [Fact]
    public void ContentHash_ProvidersDefault_IsTheSameAsLeftOut() =>
        Assert.Equal(Hash(Cat), Hash(Cat with { AspectRatio = "16:9", Duration = 6, Resolution = "720p" }));

    [Fact]
    public void ContentHash_OrderOfOptions_IsIgnored() =>
        Assert.Equal(Hash(Cat with { Options = RequestOptions.Parse("""{"a":{"c":1,"d":[{"x":1,"y":2}]},"b":2}""") }),
            Hash(Cat with
            {
                Options =
            RequestOptions.Parse("""{ "b": 2, "a": { "d": [ { "y": 2, "x": 1 } ], "c": 1 } }""")
            }));

    [Fact]
    public void ContentHash_RequestKey_IsIgnored() => Assert.Equal(Hash(Cat), Hash(Cat with { RequestKey = "k1" }));

    [Fact]
    public void ContentHash_File_CountsByItsContent()
    {
        var (here, there) = (folder.Write("a.png", [1, 2, 3]), folder.Write("below/b.png", [1, 2, 3]));
        var before = Hash(Cat with { Images = [here] });
        Assert.Equal(before, Hash(Cat with { Images = [there] }));
        Assert.NotEqual(Hash(Cat with { Videos = [here] }), before);
        Assert.Equal(Hash(Cat with { Videos = [here] }), Hash(Cat with { Videos = [there] }));
        folder.Write("a.png", [1, 2, 4]);
        Assert.NotEqual(before, Hash(Cat with { Images = [here] }));
    }

    // The ledger of an earlier version holds these: another hash would no longer find the same request.
    [Fact]
    public void ContentHash_OfAGivenRequest_StaysTheSame()
    {
        Assert.Equal("70e69b1a4245988f869af467fe9ff39aabb035fa0f002deb0ed1b76af9b7f258", Hash(Cat));
        Assert.Equal("ddfeeca46ad4952c0b2d3b2835f543f399fc49deaf04d795d43388acdcdb0e20",
            Hash(Cat with { FirstFrame = folder.Write("a.png", [1, 2, 3]) }));
    }

    private static string Hash(VideoRequest request) =>
        ContentHash.Compute(new CheckedRequest(request, ModelCatalog.Provider(request.Provider!), Model, []));
}
