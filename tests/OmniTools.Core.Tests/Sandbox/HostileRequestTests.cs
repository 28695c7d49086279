namespace OmniTools.Core.Tests.Sandbox;

public sealed class HostileRequestTests : IDisposable
{
    private readonly SandboxFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    public static TheoryData<string> Ids() =>
    [
        "", ".", "..", "../..", "..%2f..%2fsecret", "%2e%2e%2f%2e%2e%2fsecret", "..%5c..%5csecret", "%2fetc%2fpasswd",
            "%00", "a%0d%0ab", "%ff%fe", "%",
        "video_..%2f..%2f..%2f..%2f..%2fsecretsecr",
            "video_01J%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00",
        "video_01j0000000000000000000000000", "secret", "secret.json", "C:%5csecret", "%F0%9F%8D%8E",
            new string('a', 50_000), new string('%', 300),
    ];

    [Theory, MemberData(nameof(Ids))]
    public async Task A_hostile_id_is_404_and_reads_no_file(string id)
    {
        var made = await fixture.MadeAsync(Contract.ToApis);
        fixture.Clock.Advance(SandboxFixture.Generation);
        // A file that would be served as a task if a client's text became a path.
        foreach (var path in new[] { Path.Combine(fixture.Store, "secret.json"),
            Path.Combine(fixture.Store, "..", "secret.json") })
            File.Copy(Path.Combine(fixture.Store, made + ".json"), path);

        foreach (var contract in Enum.GetValues<Contract>())
            Assert.Equal(404, (await fixture.GetAsync(contract, id)).Status);
        Assert.Equal(404,
            (await fixture.SendAsync(HttpMethod.Get, $"https://sandbox.omnitools.invalid/videos/{id}.mp4")).Status);
    }

    [Theory]
    [InlineData("../../../../escaped")]
    [InlineData("/tmp/escaped")]
    [InlineData("a/b\\c:d*?\"<>|")]
    [InlineData("NUL.json")]
    public async Task A_hostile_key_names_no_file(string key)
    {
        foreach (var contract in Enum.GetValues<Contract>())
        {
            Assert.Equal(429, (await fixture.SubmitAsync(contract, "[rate-limited]", key)).Status);
            Assert.Equal(200, (await fixture.SubmitAsync(contract, "[rate-limited]", key)).Status);
        }

        Assert.All(Directory.GetFiles(Path.GetDirectoryName(fixture.Store)!, "*", SearchOption.AllDirectories),
            file =>
            Assert.Matches("^((video|task)_01[JK][0-9A-Z]{23}[.]json|lock)$",
                Path.GetRelativePath(fixture.Store, file)));
    }

    [Theory]
    [InlineData("https://example.com/v1/videos/generations")]
    [InlineData("http://toapis.com/v1/videos/generations")]
    [InlineData("https://toapis.com:8443/v1/videos/generations")]
    [InlineData("https://toapis.com.example.com/v1/videos/generations")]
    [InlineData("http://sandbox.omnitools.invalid/videos/x.mp4")]
    [InlineData("http://127.0.0.1/")]
    public async Task The_sandbox_reaches_no_other_host(string url)
    {
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => fixture.SendAsync(HttpMethod.Get, url));

        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
        Assert.Contains(new Uri(url).Host, refused.Message, StringComparison.Ordinal);
    }
}
