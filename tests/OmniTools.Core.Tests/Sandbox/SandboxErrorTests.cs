using System.Text.Json.Nodes;
using OmniTools.Core.Tests.Submitting;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class SandboxErrorTests : IDisposable
{
    private readonly SandboxFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    internal static string Refused(SandboxResponse reply, int status, string type)
    {
        Assert.Equal(status, reply.Status);
        Assert.Equal("application/json", reply.ContentHeaders.ContentType?.MediaType);
        Assert.Equal(["error"], reply.Json.AsObject().Select(field => field.Key));
        var error = reply.Json["error"]!.AsObject();
        Assert.Equal(["code", "message", "type"], error.Select(field => field.Key));
        Assert.Equal(status, (int)error["code"]!);
        Assert.Equal(type, (string)error["type"]!);
        return (string)error["message"]!;
    }

    [Theory, BothContracts]
    public async Task A_call_without_a_bearer_key_is_401(Contract contract)
    {
        foreach (var authorization in new[] { null, "Basic abc", "Bearer", "Bearer " })
        {
            Refused(await fixture.PostAsync(contract, SandboxFixture.Body(contract).ToJsonString(),
                authorization: authorization), 401, "authentication_error");
            Refused(await fixture.SendAsync(HttpMethod.Get, SandboxFixture.TaskUrl(contract, "x"),
                authorization: authorization), 401, "authentication_error");
        }
    }

    [Theory, BothContracts]
    public async Task A_task_or_endpoint_that_is_not_there_is_404(Contract contract)
    {
        Refused(await fixture.GetAsync(contract, "task_01KS1H7ZYSJWH1N779S2FSHTKA"), 404, "not_found_error");
        Refused(await fixture.SendAsync(HttpMethod.Get, SandboxFixture.Host(contract) + "/v1/nothing"), 404,
            "not_found_error");
        Refused(await fixture.SendAsync(HttpMethod.Get, SandboxFixture.Host(contract)), 404, "not_found_error");
    }

    [Theory, BothContracts]
    public async Task Another_method_is_405(Contract contract)
    {
        foreach (var path in new[] { "/v1/videos/generations", "/v1/uploads/images" })
            Refused(await fixture.SendAsync(HttpMethod.Get, SandboxFixture.Host(contract) + path), 405,
                "invalid_request_error");
        Refused(await fixture.SendAsync(HttpMethod.Post, SandboxFixture.Host(contract) + "/v1/balance"), 405,
            "invalid_request_error");
        Refused(await fixture.SendAsync(HttpMethod.Delete, SandboxFixture.TaskUrl(contract, "x")), 405,
            "invalid_request_error");
    }

    [Theory, BothContracts]
    public async Task A_body_that_is_no_JSON_object_is_400(Contract contract)
    {
        foreach (var body in new[] { "", "{", "[]", "null", "\"text\"", "{} {}", "{\"model\":\"\\ud800\"}",
            "{\"\\ud800\":1}" })
            Refused(await fixture.PostAsync(contract, body), 400, "invalid_request_error");
        Refused(await fixture.SendAsync(HttpMethod.Post, SandboxFixture.Host(contract) + "/v1/videos/generations"), 400,
            "invalid_request_error");
        Assert.Contains("Content-Type",
            Refused(await fixture.PostAsync(contract, SandboxFixture.Body(contract).ToJsonString(), type: "text/plain"),
            400, "invalid_request_error"), StringComparison.Ordinal);
    }

    [Theory, BothContracts]
    public async Task Text_that_is_no_Unicode_is_400(Contract contract)
    {
        foreach (var body in new[] { "\"model\":\"\xff\"", "\"\xff\":1" })
        {
            var content = new ByteArrayContent(System.Text.Encoding.Latin1.GetBytes($"{{{body}}}"))
            {
                Headers = { ContentType = new("application/json") },
            };
            Refused(await fixture.SendAsync(HttpMethod.Post, SandboxFixture.Host(contract) + "/v1/videos/generations",
                content), 400, "invalid_request_error");
        }
    }

    [Theory, BothContracts]
    public async Task An_unknown_field_is_400_and_named(Contract contract)
    {
        foreach (var field in new[] { "seed", "Prompt", contract == Contract.ToApis ? "image_urls" : "duration" })
        {
            var reply = await fixture.SubmitAsync(contract, change: body => body[field] = 6);
            Assert.Contains($"'{field}'", Refused(reply, 400, "invalid_request_error"), StringComparison.Ordinal);
        }
    }

    public static TheoryData<Contract, string, string> WrongValues() => new()
    {
        { Contract.ToApis, "model", "1" }, { Contract.ToApis, "model", "null" }, { Contract.ToApis, "model", "\" \"" },
        { Contract.ToApis, "prompt", "[\"a\"]" }, { Contract.ToApis, "prompt", "null" },
            { Contract.ToApis, "prompt", "\"\"" },
        { Contract.ToApis, "aspect_ratio", "\"1:1\"" }, { Contract.ToApis, "aspect_ratio", "169" },
            { Contract.ToApis, "aspect_ratio", "null" },
        { Contract.ToApis, "duration", "\"6\"" }, { Contract.ToApis, "duration", "6.5" },
            { Contract.ToApis, "duration", "7" }, { Contract.ToApis, "duration", "99999999999" },
        { Contract.ToApis, "resolution", "\"720p\"" }, { Contract.ToApis, "resolution", "720" },
        { Contract.ToApis, "client_business_id", "1" }, { Contract.ToApis, "client_business_id", "\"\"" },
            { Contract.ToApis, "client_business_id", "\"a b\"" },
        { Contract.ApiMart, "model", "1" }, { Contract.ApiMart, "model", "\"\"" },
        { Contract.ApiMart, "prompt", "{}" }, { Contract.ApiMart, "prompt", "\" \"" },
        { Contract.ApiMart, "aspect_ratio", "169" },
        { Contract.ApiMart, "resolution", "\"720P\"" }, { Contract.ApiMart, "resolution", "null" },
        { Contract.ApiMart, "image_urls", "\"https://example.com/a.jpg\"" }, { Contract.ApiMart, "image_urls", "[1]" },
            { Contract.ApiMart, "image_urls", "null" },
        { Contract.ApiMart, "image_urls", "[\"ftp://example.com/a.jpg\"]" },
            { Contract.ApiMart, "image_urls", "[\"data:image/png;base64,AA==\"]" },
        { Contract.ApiMart, "video_urls", "[\"https://example.com/a.mp4\",\"https://example.com/b.mp4\"]" },
            { Contract.ApiMart, "video_urls", "[\"a.mp4\"]" },
        { Contract.ApiMart, "video_urls", "[\"data:image/png;base64,AA==\"]" },
        { Contract.ApiMart, "extend_from_task_id", "1" }, { Contract.ApiMart, "extend_from_task_id", "\"../task\"" },
        { Contract.ApiMart, "extend_from_task_id", "\"task_01KS1H7ZYSJWH1N779S2FSHTKA\"" },
    };

    [Theory, MemberData(nameof(WrongValues))]
    public async Task A_wrong_value_is_400_and_names_its_field(Contract contract, string field, string value)
    {
        var reply = await fixture.SubmitAsync(contract, change: body => body[field] = JsonNode.Parse(value));

        Assert.Contains(field, Refused(reply, 400, "invalid_request_error"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Store));
    }

    [Fact]
    public async Task APIMart_takes_at_most_16_images()
    {
        static Action<JsonObject> Images(int count) =>
            body => body["image_urls"] =
            new JsonArray(
            [.. Enumerable.Range(0, count).Select(index => (JsonNode)$"https://example.com/{index}.png")]);

        Assert.Equal(200, (await fixture.SubmitAsync(Contract.ApiMart, change: Images(16))).Status);
        Refused(await fixture.SubmitAsync(Contract.ApiMart, change: Images(17)), 400, "invalid_request_error");
    }

    [Theory]
    [InlineData("image_urls", "https://example.com/a.jpg")]
    [InlineData("video_urls", "http://example.com/a.mp4")]
    [InlineData("video_urls", "data:video/mp4;base64,AAAA")]
    public async Task APIMart_needs_no_prompt_beside_a_reference(string field, string reference)
    {
        var reply = await fixture.SubmitAsync(Contract.ApiMart, change: body =>
        {
            body.Remove("prompt");
            body[field] = new JsonArray(reference);
        });

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a key")]
    [InlineData("clé")]
    public async Task APIMart_refuses_an_unusable_idempotency_key(string key) =>
        Refused(await fixture.SubmitAsync(Contract.ApiMart, key: key), 400, "invalid_request_error");

    [Theory, BothContracts]
    public async Task A_key_has_at_most_191_characters(Contract contract)
    {
        Assert.Equal(200, (await fixture.SubmitAsync(contract, key: new string('k', 191))).Status);
        Refused(await fixture.SubmitAsync(contract, key: new string('k', 192)), 400, "invalid_request_error");
    }

    [Theory, BothContracts]
    public async Task An_unknown_model_is_held_to_no_rule_of_the_known_one(Contract contract)
    {
        var reply = await fixture.SubmitAsync(contract, change: body =>
        {
            body["model"] = "a-newer-model";
            body["resolution"] = "1080p";
            body["seed"] = 1;
        });

        Assert.Equal(200, reply.Status);
    }

    [Theory, BothContracts]
    public async Task The_balance_with_a_refused_key_is_200_without_success(Contract contract)
    {
        var url = SandboxFixture.Host(contract) + "/v1/balance";

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"success":true,"remain_balance":1000.0,"used_balance":0.0,"unlimited_quota":false}"""),
            (await fixture.SendAsync(HttpMethod.Get, url)).Json));
        var refused = await fixture.SendAsync(HttpMethod.Get, url, authorization: null);
        Assert.Equal(200, refused.Status);
        Assert.False((bool)refused.Json["success"]!);
    }

    [Theory, BothContracts]
    public async Task A_damaged_task_file_is_500_and_no_exception(Contract contract)
    {
        var url = await fixture.VideoAsync(contract);
        var file = Assert.Single(Directory.GetFiles(fixture.Store, "*.json"));
        await File.WriteAllTextAsync(file, "{\"id\":");

        Refused(await fixture.GetAsync(contract, Path.GetFileNameWithoutExtension(file)), 500, "server_error");
        Assert.Equal(500, (await fixture.SendAsync(HttpMethod.Get, url)).Status);
    }
}
