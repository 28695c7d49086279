using System.Buffers;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace OmniTools.Ledger;

/// <summary>
/// Finds the lines of a segment that hold certain bytes, newest first, without parsing the others. It is searched from its end in
/// stretches, each longer than the one before: what is recent is found at once, what is old by all processors together.
/// </summary>
internal static class SegmentSearch
{
    private const int BlockSize = 256 * 1024;
    private const int LongestStretch = 64 * BlockSize;
    private const int UsualLine = 2 * 1024;

    /// <summary>Asks for the <paramref name="needle"/> after every line: a new one is sought in all lines before.</summary>
    public static IEnumerable<SegmentLine> Backward(string path, Func<byte[]> needle)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var end = RandomAccess.GetLength(file);
        for (var stretch = BlockSize; end > 0; stretch = Math.Min(stretch * 2, LongestStretch))
        {
            var sought = needle();
            var start = Math.Max(0, end - stretch);
            foreach (var place in Places(file, sought, start, end))
            {
                // Twice in one line: it was given already.
                if (place.At >= end)
                    continue;
                (end, var line) = LineAt(file, place.At);
                yield return line;
                if (!ReferenceEquals(needle(), sought))
                    break;
            }
            if (ReferenceEquals(needle(), sought))
                end = Math.Min(start, end);
        }
    }

    // A class: the runtime has the code of lists of classes ready, that of lists of numbers it would have to make.
    private sealed record Place(long At);

    // Where the bytes begin, the last first.
    private static IEnumerable<Place> Places(SafeFileHandle file, byte[] sought, long start, long end)
    {
        var found = new List<Place>?[(end - start + BlockSize - 1) / BlockSize];
        var next = -1;
        Exception? failure = null;
        var others = new Task[Math.Min(found.Length, Environment.ProcessorCount) - 1];
        for (var i = 0; i < others.Length; i++)
            others[i] = Task.Run(Work);
        Work();
        Task.WaitAll(others);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return Enumerable.Reverse(found).SelectMany(places => places is null ? [] : Enumerable.Reverse(places));

        void Work()
        {
            try
            {
                for (int block; (block = Interlocked.Increment(ref next)) < found.Length;)
                    Search(block);
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        }

        void Search(int block)
        {
            var from = start + ((long)block * BlockSize);
            // What begins in this block may end in the next one.
            var size = (int)Math.Min(end - from, BlockSize) + sought.Length - 1;
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            var bytes = buffer.AsSpan(0, SegmentLines.Read(file, buffer.AsSpan(0, size), from));
            for (int at, done = 0; (at = bytes[done..].IndexOf(sought)) >= 0; done += at + 1)
                (found[block] ??= []).Add(new(from + done + at));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (long Start, SegmentLine Line) LineAt(SafeFileHandle file, long place)
    {
        for (var reach = UsualLine; ; reach *= 4)
        {
            var start = Math.Max(0, place - reach);
            var window = new byte[(int)(place - start) + reach];
            var length = SegmentLines.Read(file, window, start);
            var middle = Math.Min((int)(place - start), length);
            var from = window.AsSpan(0, middle).LastIndexOf((byte)'\n') + 1;
            var rest = window.AsSpan(middle, length - middle).IndexOf((byte)'\n');
            if ((from > 0 || start == 0) && (rest >= 0 || length < window.Length))
                return (start + from, new(window.AsMemory(from, (rest < 0 ? length : middle + rest) - from), rest < 0));
        }
    }
}
