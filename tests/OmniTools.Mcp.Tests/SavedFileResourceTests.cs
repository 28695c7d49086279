using System.Security.Cryptography;
using ModelContextProtocol.Protocol;
using OmniTools.Errors;
using OmniTools.Mcp.Resources;
using static OmniTools.Mcp.Tests.AppFixture;

namespace OmniTools.Mcp.Tests;

/// <summary>omni://files: which files a view of clips can read.</summary>
public sealed class SavedFileResourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ASavedFile_IsReadWholeByTaskIdAndByRequestKey()
    {
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);

        foreach (var handle in new[] { id, "scene" })
        {
            var read = Assert.IsType<BlobResourceContents>(
                (await server.Client.ReadResourceAsync("omni://files/" + handle)).Contents.Single());
            Assert.Equal("video/mp4", read.MimeType);
            Assert.Equal(SHA256.HashData(await File.ReadAllBytesAsync(path)), SHA256.HashData(read.DecodedData.Span));
        }
    }

    [Fact]
    public async Task AFileThatChangedOrIsGone_IsRefusedWithTheNextCall()
    {
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);

        await File.AppendAllTextAsync(path, "more");
        AssertText.Contains(
            "save_video", await RefusedAsync(server, "omni://files/" + id, "has changed since it was saved"));
        File.Delete(path);
        AssertText.Contains("save_video", await RefusedAsync(server, "omni://files/" + id, "no file on this machine"));
    }

    [Fact]
    public async Task AFileAbove16MB_IsRefusedWithItsPathAndSize()
    {
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);
        await using (var file = File.OpenWrite(path))
            file.SetLength(SavedFileReader.MaximumBytes + 1);

        var refusal = await RefusedAsync(server, "omni://files/" + id, "at most 16777216 (16 MB)");
        AssertText.Contains(path, refusal);
        AssertText.Contains("16777217", refusal);
    }

    [Fact]
    public async Task ALinkBelowTheOutputRoot_ThatLeadsOutOfIt_IsNotRead()
    {
        Assert.SkipUnless(SymbolicLinks.Missing is null, SymbolicLinks.Missing ?? "");
        await using var server = await StartAsync();
        var (id, path) = await SaveAsync(server);
        var elsewhere = folder["elsewhere.mp4"];
        File.Move(path, elsewhere);
        File.CreateSymbolicLink(path, elsewhere);
        await RefusedAsync(server, "omni://files/" + id, "leads out of the output root");
    }

    [Fact]
    public async Task AFileOutsideTheOutputRoot_IsNotRead()
    {
        await using var server = await StartAsync();
        // Saved by another program of the same user, which is not confined to the folder.
        var other = server.Session.Client.FindTask(await MakeAsync(server, "other"))!;
        await server.Session.Client.SaveVideosAsync(other, new() { Folder = folder["outside"] });
        await RefusedAsync(server, "omni://files/" + other.Id, "leads out of the output root");
    }

    [Theory]
    [InlineData("omni://files/nowhere")]
    [InlineData("omni://files/")]
    [InlineData("omni://files/../../etc/passwd")]
    [InlineData("omni://files/%2Fetc%2Fpasswd")]
    [InlineData("ui://omnitools/other.html")]
    public async Task WhatTheLedgerDoesNotKnow_IsNoResource(string uri)
    {
        await using var server = await StartAsync();

        await RefusedAsync(server, uri, "There is no such resource");
    }

    [Fact]
    public async Task AFileThatIsNoMp4_IsNotRead()
    {
        await using var server = await StartAsync();
        var (_, path) = await SaveAsync(server);
        var video = server.Session.Client.FindTask("scene")!;
        var other = Path.ChangeExtension(path, ".webm");
        File.Copy(path, other);

        var refusal = await Assert.ThrowsAsync<OmniException>(() =>
            SavedFileReader.ReadAsync(
                server.Session, video with { Videos = [video.Videos[0] with { SavedPath = other }] }, default));

        AssertText.Contains("not an MP4", refusal.Message);
    }
}
