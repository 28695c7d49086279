using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Requests;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Requests;

public sealed class Mp4HeaderTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(6)]
    [InlineData(24.2)]
    public void The_length_is_read_from_the_movie_header(double seconds) =>
        Assert.Equal(seconds, Seconds(Mp4Sample.Bytes(seconds)));

    [Fact]
    public void The_header_may_come_after_the_media() =>
        Assert.Equal(3, Seconds([.. Mp4Sample.Box("mdat", new byte[5000]),
        .. Mp4Sample.Box("moov", [.. Mp4Sample.Box("udta", []), .. Mp4Sample.MovieHeader(600, 1800)])]));

    [Fact]
    public void A_media_box_of_64_bit_length_is_passed_over()
    {
        var large = new byte[16 + 100];
        BinaryPrimitives.WriteUInt32BigEndian(large, 1);
        "mdat"u8.CopyTo(large.AsSpan(4));
        BinaryPrimitives.WriteInt64BigEndian(large.AsSpan(8), large.Length);
        Assert.Equal(2, Seconds([.. large, .. Mp4Sample.Box("moov", Mp4Sample.MovieHeader(1000, 2000))]));
    }

    [Fact]
    public void A_header_of_64_bit_times_is_read()
    {
        var header = new byte[112];
        header[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), 1000);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(24), 4000);
        Assert.Equal(4, Seconds(Mp4Sample.Box("moov", Mp4Sample.Box("mvhd", header))));
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1000, 0)]
    [InlineData(1000, uint.MaxValue)]
    public void A_header_that_does_not_know_the_length_gives_none(uint scale, uint length) =>
        Assert.Null(Seconds(Mp4Sample.Box("moov", Mp4Sample.MovieHeader(scale, length))));

    [Fact]
    public void Whatever_the_bytes_are_nothing_is_thrown() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 255).ArrayOf().ToArbitrary(),
        Gen.Choose(0, 200).ToArbitrary(),
        (noise, at) =>
        {
            var file = Mp4Sample.Bytes(filler: 50);
            for (var i = 0; i < noise.Length && at + i < file.Length; i++)
                file[at + i] = (byte)noise[i];
            _ = Seconds(file);
            _ = Seconds([.. noise.Select(each => (byte)each)]);
            return Seconds(file[..Math.Min(at, file.Length)]) is null or 6;
        }));

    private static double? Seconds(byte[] file) => Mp4Header.Seconds(new MemoryStream(file));
}
