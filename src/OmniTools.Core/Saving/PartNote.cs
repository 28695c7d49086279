using System.Text.Json;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>What has to be known of a part: whose it is, which version of the remote file, and at the end what it became.</summary>
internal sealed record PartNote
{
    public required string Key { get; init; }
    public required int Index { get; init; }

    /// <summary>The strong ETag; null: the transfer cannot be resumed.</summary>
    public string? ETag { get; init; }

    /// <summary>The whole length, once told.</summary>
    public long? Total { get; init; }

    /// <summary>Of the whole file, written before it gets its name: so a save that ended right after is still known as one.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether a part or file belongs to this video of this task.</summary>
    public bool IsOf(string key, int index) => Key == key && Index == index;

    public static string PathOf(string path) => PartFile.PathOf(path) + ".json";

    /// <summary>The note beside a file's part; null when there is none that can be read.</summary>
    public static PartNote? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(HeldFile.ReadAllBytes(PathOf(path)), SavingJson.Relaxed.PartNote);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public Task WriteAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        Whole.WriteAsync(PathOf(path), JsonSerializer.SerializeToUtf8Bytes(this, SavingJson.Relaxed.PartNote), timeProvider, cancellationToken);
}
