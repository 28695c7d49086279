using System.Text.Json.Nodes;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Submitting;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>Local references on their way: uploaded once, in their order, and never for nothing.</summary>
public sealed class ReferenceUploadTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[20]];

    [Fact]
    public async Task Images_are_sent_in_order_local_ones_uploaded_and_a_local_video_inline()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var (image, video) =
            (fixture.Server.Folder.Write("a.jpg", Jpeg), fixture.Server.Folder.Write("a.mp4", Mp4Sample.Bytes()));
        await fixture.Client.SubmitAsync(
            new() { Prompt = "a cat", Images = [image, "https://a.example/2.png", image], Videos = [video] });
        var body = JsonNode.Parse(fixture.Server.Requests.Single(request => request.IsSubmit).Body)!;
        var images = body["image_urls"]!.AsArray().Select(url => url!.GetValue<string>()).ToList();
        Assert.Equal([true, false, true],
            images.Select(url => url.Contains("/uploads/", StringComparison.Ordinal)));
        Assert.Distinct(images);
        Assert.Equal("https://a.example/2.png", images[1]);
        Assert.StartsWith("data:video/mp4;base64,", body["video_urls"]![0]!.GetValue<string>(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_was_uploaded_is_not_uploaded_again_by_a_replay()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var request = new VideoRequest
        {
            Prompt = "a cat",
            RequestKey = "k1",
            Images = [fixture.Server.Folder.Write("a.jpg", Jpeg)],
        };
        // The first is the upload's: its true answer.
        fixture.Server.Next(RequestKind.Post,
            [Fault.UnknownLength, .. Enumerable.Repeat(Fault.ResetAfterAccepting, 4)]);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(request));
        Assert.Equal(fixture.Server.Tasks.Single().Id, (await fixture.Client.SubmitAsync(request)).Id);
        Assert.Single(fixture.Server.Requests.Where(each => each.IsSubmit).Select(each => each.Body).Distinct());
        Assert.Single(fixture.Server.Requests, each => !each.IsSubmit);
    }

    [Fact]
    public async Task An_attempt_of_another_process_during_the_upload_is_checked_before_sending()
    {
        await using var fixture = await ClientFixture.StartAsync(Contract.ApiMart);
        var request = new VideoRequest
        {
            Prompt = "a cat",
            RequestKey = "k1",
            Images = [fixture.Server.Folder.Write("a.jpg", Jpeg)],
        };
        // The first is the upload's.
        fixture.Server.Next(RequestKind.Post, Fault.UnknownLength, Fault.Status(402), Fault.HangUntilReleased);
        await Assert.ThrowsAsync<OmniException>(() => fixture.Client.SubmitAsync(request));
        var submitting = fixture.Client.SubmitAsync(request);
        await fixture.Server.WhenRequestAsync(each => !each.IsSubmit, 2);
        // At the same instant and with the same end, but by another process, which was told other content.
        await using (var ledger = fixture.OpenLedger())
        {
            var first = (await ledger.FindAsync("k1", null, default))!;
            await using var lease = (await ledger.TryBeginAsync(first with
            {
                Sent = first.Sent! with { ContentHash = "other" },
            }, first, _ => { }, default))!;
            await ledger.UpdateAsync("k1", "apimart",
                known => known.Reject(lease.Request.Attempt, first.Task.Error!), default);
            Assert.Equal(first.LastSentAt, (await fixture.RecordAsync("k1")).LastSentAt);
        }
        fixture.Server.Release();
        Assert.Equal(OmniErrorKind.DuplicateRequest, (await Assert.ThrowsAsync<OmniException>(() => submitting)).Kind);
        Assert.Equal(0, fixture.Server.Creates);
    }

    [Fact]
    public async Task A_request_that_is_refused_uploads_no_image()
    {
        await using var fixture =
            await ClientFixture.StartAsync(Contract.ApiMart, settings => settings with { MaxVideosPerDay = "0" });
        var path = fixture.Server.Folder.Write("a.jpg", Jpeg);
        foreach (string[] images in new[] { [path], ["https://a.example/1.png"],
            new[] { "https://a.example/1.png", path } })
        {
            var error = await Assert.ThrowsAsync<OmniException>(
                () => fixture.Client.SubmitAsync(new() { Prompt = "a cat", Images = images }));
            Assert.Equal((OmniErrorKind.LimitReached, false), (error.Kind, error.WasSent));
        }
        Assert.Empty(fixture.Server.Requests);
        Assert.Empty(fixture.Client.ListTasks());
    }

    [Fact]
    public async Task A_reference_deleted_before_its_upload_is_named_and_nothing_is_bought()
    {
        using var folder = new TemporaryFolder();
        var request = new VideoRequest { Model = "m", Images = [folder.Write("a.jpg", Jpeg)] };
        foreach (var failure in new Exception[] { new IOException("gone."), new UnauthorizedAccessException("gone.") })
        {
            var provider = new FakeProvider(TestProviders.Unreachable("apimart")) { Upload = () => throw failure };
            Check(await Assert.ThrowsAsync<OmniException>(
                () => ReferenceUploader.ResolveAsync(provider, request, null, default)));
            Check(Assert.Throws<OmniException>(() => ReferenceUploader.ReadReference<int>(() => throw failure)));
        }
        var other = new FakeProvider(TestProviders.Unreachable("apimart"))
        {
            Upload = () => throw new NotImplementedException(),
        };
        await Assert.ThrowsAsync<NotImplementedException>(
            () => ReferenceUploader.ResolveAsync(other, request, null, default));
        Assert.Throws<NotImplementedException>(
            () => ReferenceUploader.ReadReference<int>(() => throw new NotImplementedException()));

        static void Check(OmniException error)
        {
            Assert.Equal((OmniErrorKind.InvalidRequest, Charged.No), (error.Kind, error.Charged));
            Assert.Equal("A reference file cannot be read any more. Field: image_urls, video_url. Received: gone. "
                + "Nothing was sent or billed. Put the file back and submit again.", error.Message);
        }
    }

    [Fact]
    public async Task An_upload_that_fails_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.jpg", Jpeg);
        var failure = new OmniException(OmniErrorKind.ProviderUnavailable, "It failed", new() { Charged = Charged.No });
        var provider =
            new FakeProvider(TestProviders.Unreachable("apimart")) { Upload = () => throw failure };
        var error = await Assert.ThrowsAsync<OmniException>(() => ReferenceUploader.ResolveAsync(provider,
            new() { Model = "m", FirstFrame = path }, null, default));
        Assert.Equal((OmniErrorKind.ProviderUnavailable, Charged.No, $"uploading {path}"),
            (error.Kind, error.Charged, error.Step));
    }

    [Fact]
    public async Task Frames_that_were_uploaded_before_are_not_uploaded_again()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.jpg", Jpeg);
        var lines = new List<string>();
        using var trace = TraceSubscription.Start((_, line) => lines.Add(line));
        var uploads = 0;
        var provider = new FakeProvider(TestProviders.Unreachable("apimart"))
        {
            Upload = () => $"https://a.example/{++uploads}.jpg",
        };
        var request = new VideoRequest { Model = "m", FirstFrame = path, LastFrame = path };
        var sent = await ReferenceUploader.ResolveAsync(provider, request, null, default);
        Assert.Equal(("https://a.example/1.jpg", "https://a.example/2.jpg"), (sent.FirstFrame, sent.LastFrame));
        var again = await ReferenceUploader.ResolveAsync(provider, request, sent, default);
        Assert.Equal((sent.FirstFrame, sent.LastFrame, 2), (again.FirstFrame, again.LastFrame, uploads));
        Assert.Equal([$"Uploading {path} to APIMart", $"Uploading {path} to APIMart"], lines);
    }
}
