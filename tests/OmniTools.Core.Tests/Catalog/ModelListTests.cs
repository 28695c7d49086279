using OmniTools.Catalog;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Sandbox;

namespace OmniTools.Core.Tests.Catalog;

public sealed class ModelListTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly OmniClient client;

    public ModelListTests() => client = SandboxClient.Create(
        new() { Home = folder["home"], OutputRoot = folder["out"] }, TestSettings.Options);

    public void Dispose()
    {
        client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        folder.Dispose();
    }

    [Fact]
    public async Task ListModels_QueryOfAClip_ListsTheModelsThatAcceptTheRequest()
    {
        var query = new ModelQuery
        {
            Can = ["first_frame", "last_frame", "audio"],
            AspectRatio = "9:16",
            Duration = 10,
        };

        var models = client.ListModels(query);

        Assert.Equal(["toapis kling-v3", "toapis seedance-2", "toapis seedance-2-fast", "toapis seedance-2-mini",
            "apimart kling-v3", "apimart seedance-2.0", "apimart seedance-2.0-fast"],
            models.Select(model => $"{model.Provider} {model.Model}"));
        // $0.1008 a second is billed by default; the list price is a quarter more.
        Assert.Equal(0.1008m * 10 * 1.25m,
            models.Single(model => model is { Provider: "apimart", Model: "kling-v3" }).EstimatedUsd);
        foreach (var model in models)
        {
            var task = await client.SubmitAsync(new()
            {
                Prompt = "a cat",
                Provider = model.Provider,
                Model = model.Model,
                FirstFrame = "https://example.com/1.png",
                LastFrame = "https://example.com/2.png",
                Audio = true,
                AspectRatio = "9:16",
                Duration = 10,
            });
            Assert.NotNull(task.Id);
        }
    }

    [Fact]
    public void ListModels_FiltersByProviderNameAndCapability()
    {
        Assert.Equal(30, client.ListModels().Count);
        Assert.Equal(12, client.ListModels(new() { Provider = "ToAPIs" }).Count);
        Assert.Equal(["veo3.1-fast"],
            client.ListModels(new() { Model = "VEO3.1-fast-ext" }).Select(model => model.Model));
        Assert.All(client.ListModels(new() { Can = ["4k"] }), model => Assert.Contains("4k", model.Can));
        Assert.Equal(["gemini_omni_flash", "gemini-omni-flash-preview"],
            client.ListModels().Where(model => model.IsDefault).Select(model => model.Model));
        var error = Assert.Throws<OmniException>(() => client.ListModels(new() { Can = ["fly"] }));
        Assert.Equal(("can", "fly"), (error.Field, error.Received));
    }

    [Theory, BothContracts]
    public async Task ListOnlineModelsAsync_InTheSandbox_IsTheCatalog(Contract contract)
    {
        var id = contract == Contract.ToApis ? "toapis" : "apimart";

        var online = await client.ListOnlineModelsAsync(id);

        Assert.Equal((id, 0, 0), (online.Provider, online.New.Count, online.Gone.Count));
        Assert.Equal(ModelCatalog.Provider(id).Models.Select(model => model.Id), online.All);
    }

    [Fact]
    public void PlanSubmission_EndedModel_IsNamedWithDateAndSuccessorAndStaysTheDefault()
    {
        var plan = client.PlanSubmission(new() { Prompt = "a cat", Provider = "apimart" });

        Assert.Equal("gemini-omni-flash-preview", plan.Model);
        Assert.Equal(
            "The model 'gemini-omni-flash-preview' of apimart was announced to end on 2026-09-30. Its successor is "
            + "'gemini-omni-1.1-flash', whose price may differ.", plan.ModelEnd?.ToString());
        Assert.Null(client.PlanSubmission(new() { Prompt = "a cat", Provider = "toapis" }).ModelEnd);
    }

    [Fact]
    public async Task SubmitAsync_WhenTheProviderHasNoSuchModel_NamesTheSuccessor()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        fixture.Server.Next(RequestKind.Post,
            Fault.Status(404,
            """{"error":{"code":404,"message":"The model does not exist","type":"not_found_error"}}"""));

        var error = await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.SubmitAsync(new VideoRequest { Prompt = "a cat" }));

        Assert.Equal(Charged.No, error.Charged);
        Assert.Contains("'gemini-omni-1.1-flash'", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sandbox_CompletedTask_SaysHowItsSampleDiffersAndWhatTheClipCosts()
    {
        using var sandbox = new Sandbox.SandboxFixture();
        var id = await sandbox.MadeAsync(Contract.ApiMart,
            change: body =>
            (body["model"], body["duration"], body["mode"], body["aspect_ratio"]) = ("kling-v3", 5, "pro", "1:1"));
        sandbox.Clock.Advance(Sandbox.SandboxFixture.Generation);

        var data = (await sandbox.GetAsync(Contract.ApiMart, id)).Json["data"]!;

        Assert.Equal("a 16:9 sample of 6 s in place of 5 s, 1:1, 1080p", (string?)data["sample"]);
        Assert.Equal(0.0896m * 5 * 1.25m, (decimal)data["cost"]!);
    }
}
