using OmniTools.Core.Tests.Tracking;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Storage;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>An outcome that cannot be recorded, while another submission of the same client is under way.</summary>
public sealed class UnrecordedSubmissionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unrecorded_submission_is_unknown_its_duplicate_refused_and_its_key_settles_it(bool isAnswered)
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        FailingLedger? ledger = null;
        await using var client = new OmniClient(fixture.Settings, TestSettings.Options with
        {
            TimeProvider = fixture.Clock,
            Randomizer = () => 0.5,
            LedgerFactory = (settings, timeProvider) =>
                ledger = new(LedgerStores.Open(settings, timeProvider)) { IsFailing = false },
        });
        fixture.Server.Next(RequestKind.Post, Fault.HangAfterAccepting);
        var other = client.SubmitAsync(new VideoRequest { Prompt = "other" });
        await fixture.Server.WhenRequestAsync(request => request.IsSubmit);

        if (!isAnswered)
            fixture.Server.Next(RequestKind.Post, [.. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        var error = await Assert.ThrowsAsync<OmniException>(
            () => client.SubmitAsync(new VideoRequest { Prompt = "twin" },
            new() { OnRecorded = _ => ledger!.IsFailing = true }));
        Assert.Equal(isAnswered ? OmniErrorKind.LedgerUnavailable : OmniErrorKind.OutcomeUnknown, error.Kind);
        ledger!.IsFailing = false;

        Assert.Equal(VideoTaskStatus.Unknown, client.FindTask(error.RequestKey!)!.Status);
        var again =
            await Assert.ThrowsAsync<OmniException>(() => client.SubmitAsync(new VideoRequest { Prompt = "twin" }));
        Assert.Equal(OmniErrorKind.DuplicateRequest, again.Kind);
        // Of the two only the one under way holds a lock.
        Assert.Single(Directory.GetFiles(Path.Combine(fixture.Settings.Home, "ledger.locks")));
        Assert.NotNull(
            (await client.SubmitAsync(new VideoRequest { Prompt = "twin", RequestKey = error.RequestKey })).Id);
        fixture.Server.Release();
        Assert.NotNull((await other).Id);
        Assert.Equal(2, fixture.Server.Creates);
    }
}
