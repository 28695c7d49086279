using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Submitting;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>Each error of a submission: what happened, whether it was billed, and the next step.</summary>
public sealed class SubmissionErrorsTests
{
    private static readonly ProviderSpec ToApis = ModelCatalog.Provider("toapis");
    private static readonly ProviderSpec ApiMart = ModelCatalog.Provider("apimart");

    [Fact]
    public void ClockBehind_SaysBothTimes()
    {
        var error = SubmissionErrors.ClockBehind(
            new() { Clock = Noon.AddHours(-1), Newest = Noon.ToOffset(TimeSpan.FromHours(2)), Requests = [] });
        Assert.Equal((OmniErrorKind.LedgerUnavailable, Charged.No, false), (error.Kind, error.Charged, error.WasSent));
        Assert.Equal("The clock is behind the ledger's newest request, so today's spending cannot be counted. Field: "
            + "clock. Received: 2026-05-20 11:00:00 UTC. Allowed: after 2026-05-20 12:00:00 UTC. Nothing was sent or "
            + "billed. Set the clock right; if it is right now and ran ahead once, use another ledger (OMNI_HOME or "
            + "OMNI_LEDGER).", error.Message);
    }

    [Fact]
    public void KeyReused_NamesTheProvidersAnswer()
    {
        var error = SubmissionErrors.KeyReused("k1", ApiMart, new(409, []) { RequestId = "r-1" });
        Assert.Equal((OmniErrorKind.DuplicateRequest, "apimart", "k1", 409, "r-1"),
            (error.Kind, error.Provider, error.RequestKey, error.HttpStatus, error.RequestId));
        Assert.Equal("APIMart has seen this request key with other content. Field: request_key. Received: k1. "
            + "Nothing was billed. Use a new request key for a new clip.", error.Message);
    }

    [Fact]
    public void OtherContent_OffersANewKeyOrTheEarlierRequest()
    {
        var error = SubmissionErrors.OtherContent("k1", ToApis);
        Assert.Equal((OmniErrorKind.DuplicateRequest, "toapis", "k1"), (error.Kind, error.Provider, error.RequestKey));
        Assert.Equal("This request key was used for a request with other content. Field: request_key. Received: k1. "
            + "Nothing was sent or billed. Use a new request key for a new clip, or repeat the earlier request "
            + "unchanged.", error.Message);
    }

    [Fact]
    public void UnsettledDuplicate_OffersToSettleItOrAKeyOfItsOwn()
    {
        var error = SubmissionErrors.UnsettledDuplicate("k1", ToApis);
        Assert.Equal((OmniErrorKind.DuplicateRequest, "toapis", "k1"), (error.Kind, error.Provider, error.RequestKey));
        Assert.Equal("The same request was sent before and its outcome is not known: it may have been billed already. "
            + "Field: request_key. Received: the same content again. It may have been billed. Ask for the task by its "
            + "request key 'k1': that settles it and buys nothing. If a second clip is meant, submit it with a request "
            + "key of its own (in PowerShell -Force does, too).", error.Message);
    }

    [Fact]
    public void TooLate_OffersToLookInTheAccount()
    {
        var error = SubmissionErrors.TooLate("k1", ApiMart);
        Assert.Equal((OmniErrorKind.OutcomeUnknown, "apimart", "k1", true),
            (error.Kind, error.Provider, error.RequestKey, error.WasSent));
        Assert.Equal("The outcome of this request can no longer be settled by sending it again. It may have been "
            + "billed. Look for the clip in your account at APIMart; if it is not there, submit with a new request "
            + "key.", error.Message);
    }

    [Fact]
    public void Unrecorded_NamesTheTaskThatWasBought()
    {
        foreach (var failure in new Exception[] { new IOException("disk full"),
            new OmniException(OmniErrorKind.LedgerUnavailable, "disk full", new() { NextStep = "Free some." }) })
        {
            var error = SubmissionErrors.Unrecorded("id-1", "k1", ToApis, failure);
            Assert.Equal((OmniErrorKind.LedgerUnavailable, "toapis", "k1", "id-1", true),
                (error.Kind, error.Provider, error.RequestKey, error.TaskId, error.WasSent));
            Assert.Equal("Task id-1 was accepted by ToAPIs, but the ledger cannot be written: disk full. This was "
                + "billed. Note the task id, mend the ledger's folder, then ask for the task by its id and provider "
                + "'toapis'.", error.Message);
            Assert.Same(failure, error.InnerException);
        }
    }

    [Theory]
    [InlineData("toapis", "Ask for the task by its request key 'k1': that settles it and buys nothing")]
    [InlineData("apimart", "Repeat this exact request with the request key 'k1': by APIMart's documentation it returns "
        + "the existing task. Asking for the task cannot settle it")]
    [InlineData("other", "Repeat this exact request with the request key 'k1': by the provider's documentation it "
        + "returns the existing task. Asking for the task cannot settle it")]
    public void UnknownOutcome_HasOneNextStepPerProvider(string provider, string step)
    {
        Assert.Equal(step, UnknownOutcome.NextStep(provider, "k1"));
        var text = $"The request was sent and no answer was recorded: it may have been billed. {step}.";
        Assert.Equal(text, UnknownOutcome.Describe(provider, "k1").Message);
        var reason = new VideoTaskError
        {
            Kind = OmniErrorKind.ProviderUnavailable,
            Code = "c",
            Message = "HTTP 500.",
            Charged = Charged.Unknown,
        };
        Assert.Equal(($"{text} Reason: \"HTTP 500\"", "c"),
            UnknownOutcome.Describe(provider, "k1", reason) is var error ? (error.Message, error.Code) : default);
    }
}
