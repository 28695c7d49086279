using Microsoft.Win32.SafeHandles;

namespace OmniTools.Ledger;

/// <summary>One line of a segment, without its line break.</summary>
/// <param name="Bytes">The line; valid until the next one is asked for.</param>
/// <param name="IsUnfinished">Whether its line break is missing: the last line of a file, torn or still being written.</param>
internal readonly record struct SegmentLine(ReadOnlyMemory<byte> Bytes, bool IsUnfinished);

/// <summary>Reads a segment's lines without ever holding the whole file: newest first, or onward from a place.</summary>
internal static class SegmentLines
{
    private const int FirstBlockSize = 32 * 1024;
    private const int BlockSize = 256 * 1024;

    /// <summary>Newest first, in blocks that grow: a page of a list reads little more than it shows.</summary>
    public static IEnumerable<SegmentLine> Backward(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = RandomAccess.GetLength(file);
        var carried = ReadOnlyMemory<byte>.Empty;
        var spare = Array.Empty<byte>();
        for (var reach = FirstBlockSize; start > 0;)
        {
            var end = start;
            start = Math.Max(0, end - reach);
            var size = (int)(end - start);
            // The last one, which is the only one of most ledgers, needs no room for others.
            var block = spare.Length >= size + carried.Length ? spare : new byte[size + carried.Length + (start == 0 ? 0 : reach / 4)];
            carried.CopyTo(block.AsMemory(size));
            if (Read(file, block.AsSpan(0, size), start) < size)
                throw new EndOfStreamException("The ledger became shorter while it was read.");
            var rest = (ReadOnlyMemory<byte>)block.AsMemory(0, size + carried.Length);
            var first = start == 0 ? 0 : rest.Span.IndexOf((byte)'\n') + 1;
            if (start > 0 && first == 0)
                first = rest.Length;
            carried = rest[..first];
            // Nothing whole: a line longer than the block. A block twice as long each time copies it twice at most.
            reach = first == rest.Length ? reach * 2 : Math.Min(reach * 2, BlockSize);
            for (rest = rest[first..]; !rest.IsEmpty;)
            {
                var to = rest.Span[^1] == '\n' ? rest.Length - 1 : rest.Length;
                var from = rest.Span[..to].LastIndexOf((byte)'\n') + 1;
                yield return new(rest[from..to], to == rest.Length);
                rest = rest[..from];
            }
            carried = carried.ToArray();
            spare = block;
        }
    }

    /// <summary>Onward from <paramref name="offset"/>, finished lines only. Gives each line and the offset behind it.</summary>
    public static IEnumerable<(ReadOnlyMemory<byte> Bytes, long Next)> Forward(string path, long offset)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[Math.Clamp(RandomAccess.GetLength(file) - offset, 4096, BlockSize)];
        var held = 0;
        for (int read; (read = RandomAccess.Read(file, buffer.AsSpan(held), offset + held)) > 0;)
        {
            held += read;
            var begin = 0;
            for (int length; (length = buffer.AsSpan(begin, held - begin).IndexOf((byte)'\n')) >= 0; begin += length + 1)
                yield return (buffer.AsMemory(begin, length), offset + begin + length + 1);
            buffer.AsSpan(begin, held - begin).CopyTo(buffer);
            offset += begin;
            held -= begin;
            if (held == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    /// <summary>Fills a buffer from a place on; gives less than its length only where the file ends.</summary>
    public static int Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        for (int read; filled < buffer.Length && (read = RandomAccess.Read(file, buffer[filled..], offset + filled)) > 0;)
            filled += read;
        return filled;
    }
}
