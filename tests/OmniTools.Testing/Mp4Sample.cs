using System.Buffers.Binary;
using System.Text;

namespace OmniTools.Testing;

/// <summary>
/// Small files with the boxes of a real MP4: <c>ftyp</c>, <c>moov/mvhd</c> and an <c>mdat</c> of filler.
/// </summary>
public static class Mp4Sample
{
    /// <summary>
    /// A file of <paramref name="seconds"/> s by its header; <paramref name="mark"/> makes its content its own.
    /// </summary>
    public static byte[] Bytes(double seconds = 6, int filler = 4096, string mark = "", string brand = "isom") =>
        [.. Box("ftyp", Encoding.ASCII.GetBytes(brand + "\0\0\0\0" + "isommp41")),
        .. Box("moov", MovieHeader(1000, (uint)(seconds * 1000))), .. Box("mdat", Filler(mark, filler))];

    /// <summary>The <c>mvhd</c> box, version 0.</summary>
    public static byte[] MovieHeader(uint scale, uint length)
    {
        var header = new byte[100];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), scale);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), length);
        return Box("mvhd", header);
    }

    /// <summary>A box: length, type, content.</summary>
    public static byte[] Box(string type, byte[] content)
    {
        var box = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        content.CopyTo(box, 8);
        return box;
    }

    private static byte[] Filler(string mark, int length)
    {
        var bytes = new byte[length];
        var seed = Encoding.UTF8.GetBytes(mark.Length > 0 ? mark : "filler");
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(seed[i % seed.Length] + i / seed.Length);
        return bytes;
    }
}
