using System.Text;
using OmniTools.Core.Tests.Submitting;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class UploadTests : IDisposable
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 13, 10, 13, 10, 45, 45, 0];
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0];
    private static readonly byte[] WebM = [0x1A, 0x45, 0xDF, 0xA3, 1];

    private readonly SandboxFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private Task<SandboxResponse> UploadAsync(Contract contract, byte[] file, string field = "file",
        string name = "photo.jpg", string kind = "images", string? before = null)
    {
        var form = new MultipartFormDataContent();
        if (before is not null)
            form.Add(new StringContent(before), "purpose");
        form.Add(new ByteArrayContent(file), field, name);
        return fixture.SendAsync(HttpMethod.Post, $"{SandboxFixture.Host(contract)}/v1/uploads/{kind}", form);
    }

    public static TheoryData<byte[], string> Images() => new() { { Jpeg, "image/jpeg" }, { Png, "image/png" } };

    [Theory, MemberData(nameof(Images))]
    public async Task ToAPIs_takes_an_image_and_detects_its_type_by_its_bytes(byte[] file, string type)
    {
        var reply = await UploadAsync(Contract.ToApis, file, name: "a.bin", before: "reference");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["success", "message", "data"], reply.Json.AsObject().Select(field => field.Key));
        Assert.True((bool)reply.Json["success"]!);
        var data = reply.Json["data"]!.AsObject();
        Assert.Equal(["id", "url", "mime_type", "size"], data.Select(field => field.Key));
        Assert.Equal(type, (string)data["mime_type"]!);
        Assert.Equal(file.Length, (int)data["size"]!);
        Assert.StartsWith("https://", (string)data["url"]!, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Images))]
    public async Task APIMart_takes_an_image_and_returns_its_name_and_type(byte[] file, string type)
    {
        var reply = await UploadAsync(Contract.ApiMart, file, name: "mein Föto; 1.jpg");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["url", "filename", "content_type", "bytes", "created_at"],
            reply.Json.AsObject().Select(field => field.Key));
        Assert.Equal("mein Föto; 1.jpg", (string)reply.Json["filename"]!);
        Assert.Equal(type, (string)reply.Json["content_type"]!);
        Assert.Equal(file.Length, (int)reply.Json["bytes"]!);
        Assert.Equal(1779247407, (long)reply.Json["created_at"]!);
    }

    [Fact]
    public async Task An_uploaded_file_can_be_a_reference()
    {
        var url = (string)(await UploadAsync(Contract.ApiMart, Png)).Json["url"]!;

        Assert.Equal(200, (await fixture.SubmitAsync(Contract.ApiMart,
            change: body => body["image_urls"] = new System.Text.Json.Nodes.JsonArray(url))).Status);
    }

    [Theory, BothContracts]
    public async Task A_file_that_is_no_JPEG_or_PNG_is_refused(Contract contract)
    {
        foreach (var file in new[] { [], "GIF89a"u8.ToArray(), [0xFF, 0xD8], Mp4Sample.Bytes(), "<svg/>"u8.ToArray() })
            SandboxErrorTests.Refused(await UploadAsync(contract, file), 400, "invalid_request_error");
    }

    [Theory, BothContracts]
    public async Task An_image_over_20_MB_is_refused(Contract contract)
    {
        var file = new byte[20 * 1024 * 1024 + 1];
        Png.CopyTo(file, 0);

        SandboxErrorTests.Refused(await UploadAsync(contract, file), 400, "invalid_request_error");
        Assert.Equal(200, (await UploadAsync(contract, file[..^1])).Status);
    }

    [Theory, BothContracts]
    public async Task An_upload_without_the_field_file_is_refused(Contract contract)
    {
        var url = SandboxFixture.Host(contract) + "/v1/uploads/images";

        SandboxErrorTests.Refused(await UploadAsync(contract, Png, field: "image"), 400, "invalid_request_error");
        SandboxErrorTests.Refused(await fixture.SendAsync(HttpMethod.Post, url), 400, "invalid_request_error");
        SandboxErrorTests.Refused(
            await fixture.SendAsync(HttpMethod.Post, url,
                new StringContent("{}", Encoding.UTF8, "application/json")), 400,
            "invalid_request_error");
        SandboxErrorTests.Refused(await fixture.SendAsync(HttpMethod.Post, url, new MultipartFormDataContent()), 400,
            "invalid_request_error");
        SandboxErrorTests.Refused(
            await fixture.SendAsync(HttpMethod.Post, url,
            new ByteArrayContent("--b\r\n"u8.ToArray())
            {
                Headers = { ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } } },
            }), 400, "invalid_request_error");
    }

    [Fact]
    public async Task Only_ToAPIs_takes_videos()
    {
        foreach (var (file, type) in new[] { (Mp4Sample.Bytes(), "video/mp4"),
            (Mp4Sample.Bytes(brand: "qt  "), "video/quicktime"), (WebM, "video/webm") })
            Assert.Equal(type,
                (string)(await UploadAsync(Contract.ToApis, file, kind: "videos")).Json["data"]!["mime_type"]!);
        SandboxErrorTests.Refused(await UploadAsync(Contract.ToApis, Png, kind: "videos"), 400,
            "invalid_request_error");
        SandboxErrorTests.Refused(await UploadAsync(Contract.ApiMart, WebM, kind: "videos"), 404, "not_found_error");
    }
}
