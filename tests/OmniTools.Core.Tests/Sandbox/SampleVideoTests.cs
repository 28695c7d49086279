using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using OmniTools.Requests;
using OmniTools.Sandbox.Downloads;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class SampleVideoTests
{
    private static readonly string[] Containers = ["moov", "trak"];

    public static TheoryData<bool, int> All() => new() { { false, 6 }, { false, 10 }, { true, 6 }, { true, 10 } };

    // Every box that matters here, in the order of the file: those of the top, and what is in moov and in its tracks.
    private static List<(string Type, byte[] Content)> Boxes(byte[] file)
    {
        var boxes = new List<(string, byte[])>();
        for (var at = 0; at < file.Length;)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            Assert.InRange(size, 8, file.Length - at);
            var type = Encoding.ASCII.GetString(file, at + 4, 4);
            var content = file[(at + 8)..(at + size)];
            boxes.Add((type, content));
            if (Containers.Contains(type))
                boxes.AddRange(Boxes(content));
            at += size;
        }
        return boxes;
    }

    // Width and height are the last two fields of tkhd, 16.16 fixed point; a sound track has none.
    private static (int Width, int Height) Size(byte[] header) =>
        (BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(^8..)) >> 16,
        BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(^4..)) >> 16);

    [Theory, MemberData(nameof(All))]
    public void A_clip_is_small_and_begins_as_an_MP4_that_can_be_played_while_it_loads(bool isPortrait, int seconds)
    {
        var clip = SampleVideo.Get(isPortrait, seconds).Content;
        var order = Boxes(clip).Select(box => box.Type).ToList();

        Assert.InRange(clip.Length, 1, 60_000);
        Assert.Equal("ftyp", order[0]);
        Assert.InRange(order.IndexOf("moov"), 1, order.IndexOf("mdat") - 1);
    }

    [Theory, MemberData(nameof(All))]
    public void A_clip_has_the_requested_length(bool isPortrait, int seconds)
    {
        using var file = new MemoryStream(SampleVideo.Get(isPortrait, seconds).Content);

        Assert.Equal(seconds, Mp4Header.Seconds(file)!.Value, 0.1);
    }

    [Theory, MemberData(nameof(All))]
    public void A_clip_has_the_requested_orientation(bool isPortrait, int seconds)
    {
        var picture = Assert.Single(
            Boxes(SampleVideo.Get(isPortrait, seconds).Content).Where(box => box.Type == "tkhd")
            .Select(box => Size(box.Content)), size => size.Width > 0);

        var (longer, shorter) = isPortrait ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        Assert.Equal(16.0 / 9, (double)longer / shorter, 0.02);
    }

    [Theory]
    [InlineData("16:9", 6, false)]
    [InlineData("16:9", 10, false)]
    [InlineData("9:16", 6, true)]
    [InlineData("9:16", 10, true)]
    [InlineData(null, null, false)]
    public async Task ToAPIs_gives_the_clip_of_the_ratio_and_duration(string? ratio, int? duration, bool isPortrait)
    {
        using var fixture = new SandboxFixture();
        var url = await fixture.VideoAsync(Contract.ToApis, body =>
        {
            if (ratio is not null)
                (body["aspect_ratio"], body["duration"]) = (ratio, duration);
        });

        Assert.Equal(SampleVideo.Get(isPortrait, duration ?? 6).Content,
            (await fixture.SendAsync(HttpMethod.Get, url)).Bytes);
    }

    [Theory]
    [InlineData("9:16", true)]
    [InlineData("16:9", false)]
    [InlineData("1:1", false)]
    public async Task APIMart_gives_landscape_for_every_ratio_but_9_to_16(string ratio, bool isPortrait)
    {
        using var fixture = new SandboxFixture();
        var url = await fixture.VideoAsync(Contract.ApiMart, body => body["aspect_ratio"] = (JsonNode)ratio);

        Assert.Equal(SampleVideo.Get(isPortrait, 6).Content, (await fixture.SendAsync(HttpMethod.Get, url)).Bytes);
    }
}
