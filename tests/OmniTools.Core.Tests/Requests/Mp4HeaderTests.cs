using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Requests;

namespace OmniTools.Core.Tests.Requests;

public sealed class Mp4HeaderTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(6)]
    [InlineData(24.2)]
    public void Mp4Header_Length_IsRead(double seconds) =>
        Assert.Equal(seconds, Seconds(Mp4Sample.Bytes(seconds)));

    [Fact]
    public void Mp4Header_AfterTheMedia_IsFound() =>
        Assert.Equal(3, Seconds([.. Mp4Sample.Box("mdat", new byte[5000]),
        .. Mp4Sample.Box("moov", [.. Mp4Sample.Box("udta", []), .. Mp4Sample.MovieHeader(600, 1800)])]));

    [Fact]
    public void Mp4Header_After64BitMediaBox_IsFound()
    {
        var large = new byte[16 + 100];
        BinaryPrimitives.WriteUInt32BigEndian(large, 1);
        "mdat"u8.CopyTo(large.AsSpan(4));
        BinaryPrimitives.WriteInt64BigEndian(large.AsSpan(8), large.Length);
        Assert.Equal(2, Seconds([.. large, .. Mp4Sample.Box("moov", Mp4Sample.MovieHeader(1000, 2000))]));
    }

    [Fact]
    public void Mp4Header_64BitTimes_AreRead()
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
    public void Mp4Header_UnknownLength_GivesNone(uint scale, uint length) =>
        Assert.Null(Seconds(Mp4Sample.Box("moov", Mp4Sample.MovieHeader(scale, length))));

    [Fact]
    public void Mp4Header_AnyBytes_NeverThrows() => Check.QuickThrowOnFailure(Prop.ForAll(
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
