using System.Buffers.Binary;

namespace OmniTools.Requests;

/// <summary>Reads the length of an MP4 or MOV from its <c>moov/mvhd</c> box, seeking over everything else.</summary>
internal static class Mp4Header
{
    /// <summary>The length in seconds; null when the file does not say or is not understood.</summary>
    public static double? Seconds(Stream file)
    {
        var movie = Find(file, 0, file.Length, "moov"u8);
        var header = movie is { } m ? Find(file, m.Start, m.End, "mvhd"u8) : null;
        if (header is not { } box || box.End - box.Start < 20)
            return null;
        Span<byte> bytes = stackalloc byte[32];
        file.Position = box.Start;
        bytes = bytes[..file.ReadAtLeast(bytes, (int)Math.Min(32, box.End - box.Start), throwOnEndOfStream: false)];
        if (bytes.Length < 20 || (bytes[0] == 1 && bytes.Length < 32))
            return null;
        var scale = BinaryPrimitives.ReadUInt32BigEndian(bytes[0] == 1 ? bytes[20..] : bytes[12..]);
        var length = bytes[0] == 1
            ? BinaryPrimitives.ReadUInt64BigEndian(bytes[24..])
            : BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
        // Fragmented files have 0, and files of unknown length all ones.
        return scale == 0 || length == 0 || length == (bytes[0] == 1 ? ulong.MaxValue : uint.MaxValue)
            ? null
            : (double)length / scale;
    }

    private static (long Start, long End)? Find(Stream file, long from, long to, ReadOnlySpan<byte> type)
    {
        Span<byte> head = stackalloc byte[16];
        while (to - from >= 8)
        {
            file.Position = from;
            var read = file.ReadAtLeast(head, (int)Math.Min(16, to - from), throwOnEndOfStream: false);
            if (read < 8)
                return null;
            long size = BinaryPrimitives.ReadUInt32BigEndian(head), start = from + 8;
            if (size == 1 && read == 16)
                (size, start) = (BinaryPrimitives.ReadInt64BigEndian(head[8..]), from + 16);
            else if (size == 0)
                size = to - from;
            if (size < start - from || size > to - from)
                return null;
            if (head[4..8].SequenceEqual(type))
                return (start, from + size);
            from += size;
        }
        return null;
    }
}
