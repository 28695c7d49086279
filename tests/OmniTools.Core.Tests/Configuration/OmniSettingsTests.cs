using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Sandbox;

namespace OmniTools.Core.Tests.Configuration;

public sealed class OmniSettingsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData(" TRUE ", true)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void OmniSettings_OmniSandbox_TurnsTheSandboxOnOrOff(string? value, bool isSandbox)
    {
        var settings = Settings(("OMNI_SANDBOX", value));
        Assert.Equal(isSandbox, settings.IsSandbox);
        Assert.Equal(isSandbox ? folder["sandbox"] : folder.Path, settings.Home);
        settings.Validate();
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("on")]
    [InlineData("2")]
    public void OmniSettings_UnknownSandboxValue_IsRefused(string value)
    {
        var settings = Settings(("OMNI_SANDBOX", value), ("TOAPIS_API_KEY", "sk-0123456789"));
        var refused = Assert.Throws<OmniException>(() => new OmniClient(settings, TestSettings.Options));
        Assert.Equal((OmniErrorKind.InvalidConfiguration, "OMNI_SANDBOX", value),
            (refused.Kind, refused.Field, refused.Received));
        Assert.Contains("Nothing was sent or billed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OmniSettings_UnknownDefaultProvider_NamesItsVariable()
    {
        var refused = Assert.Throws<OmniException>(() => Settings(("OMNI_PROVIDER", "foo")).ChooseProvider(null));
        Assert.Equal((OmniErrorKind.InvalidConfiguration, "OMNI_PROVIDER", "foo", "toapis, apimart"),
            (refused.Kind, refused.Field, refused.Received, refused.Allowed));
        Assert.Equal("apimart", Settings(("OMNI_PROVIDER", "APIMart")).ChooseProvider(null).Id);
    }

    [Fact]
    public async Task OmniSettings_DefaultModel_AppliesInTheSandboxToo()
    {
        await using var client = SandboxClient.Create(Settings(("OMNI_SANDBOX", "1"), ("TOAPIS_MODEL", "gemini_next")),
            TestSettings.Options);
        Assert.Equal("gemini_next", client.PlanSubmission(new() { Prompt = "a cat" }).Model);
        Assert.Equal("gemini_next",
            (await client.SubmitAsync(new() { Prompt = "a cat" },
            cancellationToken: TestContext.Current.CancellationToken)).Model);
    }

    private OmniSettings Settings(params (string Name, string? Value)[] variables) =>
        OmniSettings.FromEnvironment(
        name => name == "OMNI_HOME" ? folder.Path : variables.FirstOrDefault(each => each.Name == name).Value);
}
