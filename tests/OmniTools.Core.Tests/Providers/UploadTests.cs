using OmniTools.Requests;

namespace OmniTools.Core.Tests.Providers;

public sealed class UploadTests
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];

    [Fact]
    public async Task UploadImageAsync_sends_a_form_as_curl_does_with_quoted_names_and_an_unquoted_boundary()
    {
        await using var server = await LoopbackProvider.StartAsync(Contract.ApiMart);
        await using var client = new OmniClient(TestSettings.For(server), TestSettings.Options);
        var image = server.Folder.Write("dog.png", Png);
        await client.SubmitAsync(new VideoRequest { Prompt = "a dog", Images = [image] }, null,
            TestContext.Current.CancellationToken);
        var upload = server.Requests[0];
        Assert.Matches("^multipart/form-data; boundary=[A-Za-z0-9-]+$", upload.Headers["Content-Type"]);
        var boundary = upload.Headers["Content-Type"].Split('=')[1];
        var lines = upload.Body.Split("\r\n");
        Assert.Equal("--" + boundary, lines[0]);
        Assert.Equal(["Content-Disposition: form-data; name=\"file\"; filename=\"reference.png\"",
            "Content-Type: image/png", ""], lines[1..4]);
        Assert.Equal(["--" + boundary + "--", ""], lines[^2..]);
    }
}
