using System.Security.Cryptography;
using System.Text.Json;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Saving;

/// <summary>What a save writes: the file, its sidecar, the ledger's record.</summary>
public sealed class SaveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, BothContracts]
    public async Task SaveVideosAsync_CompletedTask_WritesFileSidecarAndRecord(Contract contract)
    {
        await using var fixture = await SavingFixture.StartAsync(contract);
        var content = Mp4Sample.Bytes(filler: 3_000_000);
        var task = await fixture.CompletedAsync(content, "Eine Katze, \"très\" schön");
        var saved = await fixture.SaveAsync(task);
        Assert.Equal(content, await File.ReadAllBytesAsync(saved.Path, Stop));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant(), saved.Sha256);
        Assert.Equal((content.Length, false), (saved.Bytes, saved.WasAlreadySaved));
        Assert.Equal(["clip.json", "clip.mp4"], fixture.Files);
        var sidecar = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.ChangeExtension(saved.Path, ".json"), Stop)).RootElement;
        Assert.Equal((task.Id, task.Prompt, saved.Sha256),
            (sidecar.GetProperty("task_id").GetString(), sidecar.GetProperty("prompt").GetString(),
            sidecar.GetProperty("sha256").GetString()));
        var known = fixture.Client.FindTask(task.Id!)!;
        Assert.Equal((saved.Path, saved.Sha256, false),
            (known.Videos[0].SavedPath, known.Videos[0].Sha256, known.IsUnsaved));
        Assert.All(fixture.Fetches, fetch => Assert.Null(fetch.Authorization));
        Assert.All(fixture.Fetches, fetch => Assert.DoesNotContain("Cookie", fetch.Headers.Keys));
    }

    [Fact]
    public async Task The_sidecar_describes_the_clip_without_the_key()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.Client.SubmitAsync(
            new VideoRequest
            {
                Prompt = "a cat",
                AspectRatio = "9:16",
                Images = ["https://pictures.example/cat.png?sig=secret"],
            }, null, Stop);
        var url = fixture.Server.Serve("clip.mp4", Mp4Sample.Bytes());
        fixture.Server.Complete(task.Id!, [url + "?token=secret"]);
        var saved = await fixture.SaveAsync(await fixture.Client.GetTaskAsync(task.Id!, null, Stop));
        var text = await File.ReadAllTextAsync(Path.ChangeExtension(saved.Path, ".json"), Stop);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        var sidecar = JsonDocument.Parse(text).RootElement;
        string? Text(string name) => sidecar.GetProperty(name).GetString();
        Assert.Equal(("a cat", "9:16", "https://pictures.example/cat.png"),
            (Text("prompt"), Text("aspect_ratio"), sidecar.GetProperty("images")[0].GetString()));
        Assert.Equal(("apimart", task.Model, task.Id, task.RequestKey),
            (Text("provider"), Text("model"), Text("task_id"), Text("request_key")));
        Assert.Equal((saved.Sha256, saved.Bytes, url),
            (Text("sha256"), sidecar.GetProperty("bytes").GetInt64(), Text("source_url")));
        Assert.Equal((saved.Task.Cost, saved.Task.Credits),
            (sidecar.GetProperty("cost").GetDecimal(), sidecar.GetProperty("credits").GetDecimal()));
        Assert.All(["created_at", "completed_at", "saved_at"],
            name => Assert.True(sidecar.GetProperty(name).TryGetDateTimeOffset(out _)));
    }

    [Fact]
    public async Task SaveVideosAsync_SameTaskAndName_DownloadsNothing()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        var first = await fixture.SaveAsync(task);
        var second = await fixture.SaveAsync(task);
        Assert.Equal((true, first.Path, first.Sha256, first.Bytes),
            (second.WasAlreadySaved, second.Path, second.Sha256, second.Bytes));
        Assert.Single(fixture.Fetches);
    }

    [Fact]
    public async Task SaveVideosAsync_RunningTask_SaysToWait()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.Client.SubmitAsync(new VideoRequest { Prompt = "a cat" }, null, Stop);
        var refused = await fixture.RefusedAsync(task);
        Assert.Equal(OmniErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains("Wait for it", refused.Message, StringComparison.Ordinal);
        fixture.Server.Fail(task.Id!, "E1", "no");
        Assert.Equal(OmniErrorKind.TaskFailed,
            (await fixture.RefusedAsync(await fixture.Client.GetTaskAsync(task.Id!, null, Stop))).Kind);
    }

    [Fact]
    public async Task SaveVideosAsync_UnusableLedger_StillSavesTheClip()
    {
        await using var fixture = await SavingFixture.StartAsync();
        var task = await fixture.CompletedAsync();
        fixture.Server.Folder.Write("broken/ledger", [1]);
        await using var client = new OmniClient(fixture.Settings with { Home = fixture.Server.Folder["broken"] },
            TestSettings.Options with { TimeProvider = fixture.Clock });
        var saved = await fixture.SaveAsync(task, null, client);
        Assert.Equal((saved.Path, saved.Sha256), (saved.Task.Videos[0].SavedPath, saved.Task.Videos[0].Sha256));
        Assert.True((await fixture.SaveAsync(task, null, client)).WasAlreadySaved);
    }

    [Theory, BothContracts]
    public async Task A_clip_is_found_by_id_and_provider_and_saved_although_the_ledger_is_unusable(Contract contract)
    {
        await using var fixture = await SavingFixture.StartAsync(contract);
        var task = await fixture.CompletedAsync(Mp4Sample.Bytes());
        fixture.Server.Folder.Write("broken/ledger", [1]);
        await using var client = new OmniClient(
            fixture.Settings with { Home = fixture.Server.Folder["broken/ledger"] }, TestSettings.Options);
        Assert.Null(await client.FindTaskAsync(task.Id!, task.Provider, Stop));
        var found = await client.GetTaskAsync(task.Id!, task.Provider, Stop);
        Assert.True(File.Exists((await fixture.SaveAsync(found, client: client)).Path));

        // Without the provider only the ledger could say whose task it is.
        var error = await Assert.ThrowsAsync<OmniException>(() => client.FindTaskAsync(task.Id!, null, Stop));
        Assert.Equal(OmniErrorKind.LedgerUnavailable, error.Kind);
        error = await Assert.ThrowsAsync<OmniException>(() => client.GetTaskAsync(task.Id!, null, Stop));
        Assert.Equal(OmniErrorKind.LedgerUnavailable, error.Kind);
    }
}
