using OmniTools.Http;

namespace OmniTools.Ledger;

/// <summary>The end of the newest segment, open under the ledger's lock: whole lines come to stand there, or nothing.</summary>
internal sealed class SegmentEnd : IDisposable
{
    private readonly FileStream file;
    private readonly long began;

    private SegmentEnd(FileStream file) => (this.file, began, End) = (file, file.Length, file.Length);

    /// <summary>Behind the last whole line.</summary>
    public long End { get; private set; }

    /// <summary>How much was added.</summary>
    public long Added => End - began;

    /// <summary>The newest segment, unless the month has turned; never an older one, whatever the clock says.</summary>
    public static SegmentEnd Open(LedgerFiles files, LedgerSummary.Snapshot state, DateTimeOffset at)
    {
        var path = files.Segment(at);
        if (string.CompareOrdinal(state.Segment, Path.GetFileName(path)) > 0)
            path = Path.Combine(files.Folder, state.Segment!);
        var file = LedgerFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // The lock is held: what stands behind the last line is a torn write of a process that is gone.
        if (Path.GetFileName(path) == state.Segment && file.Length > state.Offset)
        {
            OmniTrace.Verbose($"The ledger's last line was torn by a write that did not finish; its {file.Length - state.Offset} bytes are dropped");
            file.SetLength(state.Offset);
        }
        state.Segment = Path.GetFileName(path);
        return new(file);
    }

    /// <summary>Adds a line. Where it finds no room, nothing of it stands.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, line, End);
            End += line.Length;
        }
        catch (Exception failure)
        {
            file.SetLength(End);
            // A file that may grow no further (a limit of the system or of its disk's format) is not called an I/O error by .NET.
            throw failure is ArgumentException ? new IOException(failure.Message, failure) : failure;
        }
    }

    /// <summary>Brings what was added to disk. Where that fails, nothing of it stands.</summary>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        catch (IOException)
        {
            file.SetLength(began);
            throw;
        }
    }

    public void Dispose() => file.Dispose();
}
