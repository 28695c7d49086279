using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Sandbox;

namespace OmniTools.Core.Tests.Catalog;

/// <summary>Models of the user's own, from a file.</summary>
public sealed class UserCatalogTests : IDisposable
{
    private static readonly VideoRequest Cat = new() { Prompt = "a cat", Provider = "apimart" };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task CatalogFile_TenModelsOfAnotherFamily_AreCheckedPricedAndMadeInTheSandbox()
    {
        var models = string.Join(",\n", Enumerable.Range(1, 10).Select(i => $$$"""
            {
              "id": "luma-{{{i}}}", "family": "luma", "source": "https://example.com/luma", "read_on": "2026-11-01",
              "prompt": {"wire": "text"},
              "duration": {"wire": "settings.seconds", "values": [{{{i}}}, {{{i + 10}}}], "default": {{{i}}},
                "as_text": true},
              "aspect_ratio": {"wire": "shape", "values": ["16:9", "9:16"], "default": "16:9"},
              "resolution": {"wire": "settings.tier", "values": ["720p", "1080p"], "default": "720p",
                "map": {"720p": "sd", "1080p": "hd"}},
              "first_frame": {"wire": "frames", "role": "start"}, "last_frame": {"wire": "frames", "role": "end"},
              "options": {"loop": {"type": "boolean"}},
              "required": ["prompt"],
              "rules": [{"when": {"last_frame": "given"}, "then": {"first_frame": "given"}},
                {"when": {"resolution": ["1080p"]}, "then": {"duration": [{{{i}}}]}}],
              "price": {"date": "2026-11-01", "basis": "list", "per": "second",
                "rates": [{"resolution": "720p", "usd": 0.1}, {"resolution": "1080p", "usd": 0.2}]}
            }
            """));
        var settings = Settings($$"""{"providers": [{"id": "apimart", "models": [{{models}}]}]}""");
        await using var client = SandboxClient.Create(settings, TestSettings.Options);

        Assert.Null(settings.Catalog.Problem);
        Assert.Equal(10, client.ListModels(new() { Model = "luma-*", Can = ["first_frame", "1080p"] }).Count);
        for (var i = 1; i <= 10; i++)
        {
            var request = Cat with
            {
                Model = $"luma-{i}",
                Duration = i + 10,
                AspectRatio = "9:16",
                Resolution = "SD",
                FirstFrame = "https://example.com/1.png",
                LastFrame = "https://example.com/2.png",
                Options = RequestOptions.Parse("""{"loop":true}"""),
            };
            var plan = client.PlanSubmission(request);
            Assert.Equal($$"""{"model":"luma-{{i}}","text":"a cat","frames":["""
                + """{"url":"https://example.com/1.png","role":"start"},"""
                + """{"url":"https://example.com/2.png","role":"end"}],"settings":"""
                + $$"""{"seconds":"{{i + 10}}","tier":"sd"},"shape":"9:16","loop":true}""", plan.Body);
            Assert.Equal(((i + 10) * 0.1m, true), (plan.EstimatedUsd, plan.Warnings.Count == 0));
            Assert.NotNull((await client.SubmitAsync(request)).Id);
            Assert.Equal("duration", Assert.Throws<OmniException>(
                () => client.PlanSubmission(request with { Resolution = "1080p" })).Field);
        }
    }

    [Fact]
    public void CatalogFile_ModelOfABuiltInId_ReplacesThatModelOnly()
    {
        var catalog = Settings("""
            {"providers": [{"id": "apimart", "models": [{"id": "kling-v3", "source": "https://example.com",
              "read_on": "2026-11-01", "prompt": {"wire": "p"}}]}]}
            """).Catalog;

        Assert.Null(catalog.Problem);
        Assert.Equal("p", catalog.GetProvider("apimart").FindModel("kling-v3")!.Prompt!.Wire);
        Assert.Equal(ModelCatalog.Provider("apimart").Models.Count, catalog.GetProvider("apimart").Models.Count);
        Assert.Equal("prompt", ModelCatalog.Provider("apimart").FindModel("kling-v3")!.Prompt!.Wire);
    }

    [Theory]
    [InlineData("", 1, "the file is empty")]
    [InlineData("{", 1, "$")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"models\": [{\"id\": \"m\", \"prompts\": {}}]}]}", 3,
        "'prompts'")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"models\": [{\"id\": \"m\",\n\"prompt\": {\"max_length\": "
        + "5}}]}]}", 4, "wire")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"models\": [{\"id\": \"m\",\n\"duration\": {\"wire\": "
        + "\"d\", \"values\": [\"6\"]}}]}]}", 4, "another type")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"models\": [{\"id\": \"m\",\n\"prompt\": {\n\"wire\": "
        + "\"metadata.client_business_id\"}}]}]}", 5, "reserved")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"models\": [{\"id\": \"m\",\n\"options\": "
        + "{\n\"callback_url\": {\"type\": \"string\"}}}]}]}", 5, "reserved")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"models\": [{\"id\": \"m\",\n\"prompt\": {\"wire\": "
        + "\"p\"},\n\"options\": {\n\"p\": {\"type\": \"string\"}}}]}]}", 6, "used by another field")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"models\": [{\"id\": \"m\",\n\"required\": "
        + "[\"images\"]}]}]}", 4, "no field 'images'")]
    [InlineData("{\"providers\": [\n{\"id\": \"apimart\",\n\"base_address\": \"https://evil.example\", \"models\": "
        + "[]}]}", 2, "only the id and the models")]
    [InlineData("{\"providers\": [\n{\n\"id\": \"nobody\", \"models\": []}]}", 3, "nobody")]
    public void CatalogFile_Mistake_NamesLineAndFieldAndTheBuiltInModelsWork(string json, int line, string words)
    {
        var settings = Settings(json) with
        {
            Providers = new Dictionary<string, ProviderSettings> { ["apimart"] = new() },
        };

        var problem = settings.Catalog.Problem!;

        Assert.Equal((OmniErrorKind.InvalidConfiguration, "OMNI_CATALOG", Charged.No),
            (problem.Kind, problem.Field, problem.Charged));
        Assert.Contains($"line {line}, field $", problem.Received, StringComparison.Ordinal);
        Assert.Contains(words, problem.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("OmniTools.", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", problem.Message, StringComparison.Ordinal);
        Assert.Contains(problem.Message, settings.CheckRequest(Cat, "apimart").Warnings);
        Assert.Same(problem, Assert.Throws<OmniException>(
            () => settings.CheckRequest(Cat with { Model = "m" }, "apimart")));
    }

    [Fact]
    public void CatalogFile_Missing_IsAnErrorOnlyWhereItWasNamed()
    {
        var settings = Settings("{}") with { CatalogFile = folder["nothing.json"] };

        Assert.Contains("nothing.json", settings.Catalog.Problem!.Received, StringComparison.Ordinal);
        Assert.Contains("OMNI_CATALOG", settings.Catalog.Problem!.NextStep, StringComparison.Ordinal);
        Assert.Null((settings with { IsCatalogFileOptional = true }).Catalog.Problem);
    }

    [Fact]
    public void CatalogFile_Changed_IsReadAgain()
    {
        var settings = Settings("{");
        Assert.NotNull(settings.Catalog.Problem);
        Settings("""{"providers": []}""");
        Assert.Null(settings.Catalog.Problem);
    }

    private OmniSettings Settings(string json) => new()
    {
        Home = folder["home"],
        OutputRoot = folder["out"],
        CatalogFile = folder.Write("models.json", System.Text.Encoding.UTF8.GetBytes(json)),
    };
}
