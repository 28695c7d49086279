using System.Net.Http.Headers;
using OmniTools.Core.Tests.Submitting;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class DownloadTests : IDisposable
{
    private readonly SandboxFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private Task<SandboxResponse> GetAsync(string url, string? range = null, string? condition = null) =>
        fixture.SendAsync(HttpMethod.Get, url, authorization: null, headers: headers =>
    {
        if (range is not null)
            headers.Range = RangeHeaderValue.Parse(range);
        if (condition is not null)
            headers.IfRange = RangeConditionHeaderValue.Parse(condition);
    });

    [Theory, BothContracts]
    public async Task A_whole_video_needs_no_key_and_has_a_strong_ETag(Contract contract)
    {
        var url = await fixture.VideoAsync(contract);
        var reply = await GetAsync(url);

        Assert.Equal(200, reply.Status);
        Assert.Equal("video/mp4", reply.ContentHeaders.ContentType?.MediaType);
        Assert.Equal(reply.Bytes.Length, reply.ContentHeaders.ContentLength);
        Assert.Equal("bytes", reply.Headers.AcceptRanges.Single());
        Assert.False(reply.Headers.ETag!.IsWeak);
        Assert.Equal(reply.Headers.ETag, (await GetAsync(url)).Headers.ETag);
    }

    [Fact]
    public async Task A_HEAD_of_a_video_returns_its_headers_without_bytes()
    {
        var url = await fixture.VideoAsync(Contract.ToApis);
        var whole = await GetAsync(url);
        var head = await fixture.SendAsync(HttpMethod.Head, url, authorization: null);

        Assert.Equal(200, head.Status);
        Assert.Empty(head.Bytes);
        Assert.Equal(whole.Bytes.Length, head.ContentHeaders.ContentLength);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100-299", 100, 200)]
    [InlineData("bytes=1000-", 1000, -1)]
    [InlineData("bytes=1000-99999999999", 1000, -1)]
    [InlineData("bytes=0-", 0, -1)]
    public async Task A_range_is_206_with_exactly_its_bytes(string range, int from, int length)
    {
        var url = await fixture.VideoAsync(Contract.ApiMart);
        var whole = (await GetAsync(url)).Bytes;
        var expected = length < 0 ? whole[from..] : whole[from..(from + length)];
        var reply = await GetAsync(url, range);

        Assert.Equal(206, reply.Status);
        Assert.Equal(expected, reply.Bytes);
        Assert.Equal(new ContentRangeHeaderValue(from, from + expected.Length - 1, whole.Length),
            reply.ContentHeaders.ContentRange);
        Assert.Equal(expected.Length, reply.ContentHeaders.ContentLength);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(int.MaxValue)]
    public async Task A_suffix_range_is_the_last_bytes(int count)
    {
        var url = await fixture.VideoAsync(Contract.ToApis);
        var whole = (await GetAsync(url)).Bytes;
        var reply = await GetAsync(url, $"bytes=-{count}");

        Assert.Equal(206, reply.Status);
        Assert.Equal(whole[^Math.Min(count, whole.Length)..], reply.Bytes);
        Assert.Equal(whole.Length - 1, reply.ContentHeaders.ContentRange?.To);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_416_with_the_length()
    {
        var url = await fixture.VideoAsync(Contract.ToApis);
        var length = (await GetAsync(url)).Bytes.Length;
        foreach (var range in new[] { $"bytes={length}-", "bytes=99999999999-", "bytes=-0" })
        {
            var reply = await GetAsync(url, range);
            Assert.Equal(416, reply.Status);
            Assert.Equal(new ContentRangeHeaderValue(length), reply.ContentHeaders.ContentRange);
            Assert.Empty(reply.Bytes);
        }
    }

    [Fact]
    public async Task A_range_is_returned_only_while_If_Range_matches()
    {
        var url = await fixture.VideoAsync(Contract.ToApis);
        var whole = await GetAsync(url);

        Assert.Equal(206, (await GetAsync(url, "bytes=5-9", whole.Headers.ETag!.Tag)).Status);
        foreach (var other in new[] { "\"another\"", "W/" + whole.Headers.ETag!.Tag, "Wed, 20 May 2026 03:23:27 GMT" })
        {
            var reply = await GetAsync(url, "bytes=5-9", other);
            Assert.Equal(200, reply.Status);
            Assert.Equal(whole.Bytes, reply.Bytes);
        }
    }

    [Theory]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("lines=0-1")]
    public async Task A_range_in_an_unknown_form_returns_the_complete_video(string range) =>
        Assert.Equal(200, (await GetAsync(await fixture.VideoAsync(Contract.ToApis), range)).Status);

    [Theory, BothContracts]
    public async Task A_URL_is_served_for_24_hours_and_403_from_then_on(Contract contract)
    {
        var url = await fixture.VideoAsync(contract);

        fixture.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await GetAsync(url)).Status);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(403, (await GetAsync(url)).Status);
        Assert.Equal(403, (await GetAsync(url, "bytes=5-")).Status);
    }

    [Theory, BothContracts]
    public async Task There_is_no_video_before_the_task_is_completed(Contract contract)
    {
        var id = await fixture.MadeAsync(contract);

        Assert.Equal(404, (await GetAsync($"https://sandbox.omnitools.invalid/videos/{id}.mp4")).Status);
    }

    [Fact]
    public async Task A_video_cannot_be_posted_to() =>
        Assert.Equal(405, (await fixture.SendAsync(HttpMethod.Post, await fixture.VideoAsync(Contract.ToApis))).Status);
}
