using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;

namespace OmniTools.Core.Tests.Providers;

/// <summary>What is made of a provider's list of models.</summary>
public sealed class ModelIdsTests
{
    [Theory, BothContracts]
    public async Task ListOnlineModelsAsync_PropertyNameThatIsNoText_IsAnErrorOfTheProvider(Contract contract)
    {
        await using var fixture = await ClientFixture.StartAsync(contract);
        fixture.Server.Next(RequestKind.Get,
            Fault.Status(200, """{"data":[{"id":"m","\ud800 a half character":1}]}"""));
        var error = await Assert.ThrowsAsync<OmniException>(
            () => fixture.Client.ListOnlineModelsAsync(fixture.Server.ProviderId));
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No), (error.Kind, error.Charged));
    }
}
