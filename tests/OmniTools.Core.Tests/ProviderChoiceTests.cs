using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests;

/// <summary>Which provider a request without one goes to.</summary>
public sealed class ProviderChoiceTests
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat" };
    private static readonly VideoRequest CatWithImage = Cat with { Images = ["https://example.com/a.png"] };

    public static TheoryData<VideoRequest, string> OnlyOneCan => new()
    {
        { CatWithImage, "apimart" },
        { Cat with { Videos = ["https://example.com/a.mp4"] }, "apimart" },
        { Cat with { ExtendFrom = "task_1" }, "apimart" },
        { Cat with { Duration = 10 }, "toapis" },
        { Cat with { Model = "gemini-omni-flash-preview" }, "apimart" },
        { Cat with { Provider = "apimart" }, "apimart" },
    };

    [Theory]
    [MemberData(nameof(OnlyOneCan))]
    public void ChooseProviderFor_WithTwoKeys_IsTheOneThatCanDoWhatIsAsked(VideoRequest request, string expected) =>
        Assert.Equal(expected, Settings("toapis", "apimart").ChooseProviderForRequest(request).Id);

    [Fact]
    public void ChooseProviderFor_WhenSeveralCan_AsksForProviderWithWhatTellsThemApart()
    {
        var error = Assert.Throws<OmniException>(() => Settings("toapis", "apimart").ChooseProviderForRequest(Cat));

        Assert.Equal((OmniErrorKind.InvalidRequest, "provider", Charged.No), (error.Kind, error.Field, error.Charged));
        Assert.Equal(
            "toapis (6 or 10 s, no images, unknown price); apimart (length by the prompt, up to 16 images, at most "
            + "$1.00 (10 credits))", error.Allowed);
        Assert.StartsWith("Pass provider", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void ChooseProviderFor_InTheSandbox_IsTheFirstThatCan()
    {
        var settings = Settings() with { IsSandbox = true };

        Assert.Equal("toapis", settings.ChooseProviderForRequest(Cat).Id);
        Assert.Equal("apimart", settings.ChooseProviderForRequest(CatWithImage).Id);
    }

    [Fact]
    public void ChooseProviderFor_WithADefaultProvider_IsThat()
    {
        var settings = Settings("toapis", "apimart") with { DefaultProvider = "toapis" };

        Assert.Equal("toapis", settings.ChooseProviderForRequest(CatWithImage).Id);
        Assert.Equal("apimart", settings.ChooseProviderForRequest(CatWithImage with { Provider = "apimart" }).Id);
    }

    [Fact]
    public void ChooseProviderFor_WhenNoneCanDoAllOfIt_SaysWhatEachCannot()
    {
        var error = Assert.Throws<OmniException>(() =>
            Settings("toapis", "apimart").ChooseProviderForRequest(CatWithImage with { Duration = 6 }));

        Assert.Equal("reference images and a duration", error.Received);
        Assert.Equal("toapis without reference images; apimart without a duration", error.Allowed);
    }

    [Fact]
    public void ChooseProviderFor_WithAnInvalidValue_IsTheProviderThatHasTheArgument()
    {
        Assert.Equal("toapis", Settings("toapis", "apimart").ChooseProviderForRequest(Cat with { Duration = 7 }).Id);
        Assert.Equal("apimart",
            Settings("toapis", "apimart").ChooseProviderForRequest(Cat with { Images = ["nowhere.png"] })
            .Id);
    }

    [Fact]
    public async Task Plan_WithAnotherProviderThatCan_NamesItOnlyAsReadyWhenItHasAKey()
    {
        using var folder = new TemporaryFolder();
        await using var one = new OmniClient(Settings("toapis") with { Home = folder["one"] }, TestSettings.Options);
        await using var both =
            new OmniClient(Settings("toapis", "apimart") with { Home = folder["both"] }, TestSettings.Options);

        var alone = Assert.Throws<OmniException>(() => one.PlanSubmission(CatWithImage));
        var beside = Assert.Throws<OmniException>(() => both.PlanSubmission(CatWithImage with { Provider = "toapis" }));

        Assert.StartsWith("Models that can: toapis: gemini-omni-flash", alone.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("apimart", alone.NextStep, StringComparison.Ordinal);
        Assert.StartsWith("Models that can: apimart: gemini-omni-flash-preview", beside.NextStep,
            StringComparison.Ordinal);
        Assert.EndsWith("Choose one (its price may differ), or leave image_urls out", beside.NextStep,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_WithAKnownKey_GoesWhereItWasSentFirst()
    {
        await using var fixture = await Submitting.ClientFixture.StartAsync(Contract.ApiMart);
        var first = await fixture.Client.SubmitAsync(Cat with { RequestKey = "k1" });
        await using var later = fixture.NewProcess(fixture.Settings with { DefaultProvider = "toapis" });

        Assert.Equal(first.Id, (await later.SubmitAsync(Cat with { RequestKey = "k1" })).Id);
    }

    [Fact]
    public void Differences_AreReadFromTheCatalog() =>
        Assert.Equal("toapis: a duration; apimart: reference images, a reference video, extending a clip",
            ProviderChoice.Differences);

    [Fact]
    public void Describe_SaysWhereARequestWithoutProviderGoes()
    {
        Assert.Equal("Without provider: toapis (OMNI_PROVIDER).",
            ProviderChoice.Describe(Settings("apimart") with { DefaultProvider = "toapis" }));
        Assert.Equal("Without provider: apimart, the only one with a key.",
            ProviderChoice.Describe(Settings("apimart")));
        Assert.Contains("pass provider where several can", ProviderChoice.Describe(Settings("toapis", "apimart")),
            StringComparison.Ordinal);
        Assert.Contains("in the sandbox the first where several can",
            ProviderChoice.Describe(Settings() with { IsSandbox = true }), StringComparison.Ordinal);
    }

    private static OmniSettings Settings(params string[] keyed) => new()
    {
        Home = "unused",
        OutputRoot = "unused",
        Providers = keyed.ToDictionary(id => id, _ => new ProviderSettings { Key = new ApiKey("sk-0123456789") }),
    };
}
