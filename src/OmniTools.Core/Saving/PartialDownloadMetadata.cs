using System.Text.Json;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>What has to be known of a part: whose it is, which version of the remote file, and at the end what it became.</summary>
internal sealed record PartialDownloadMetadata
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
    public bool IsFor(string key, int index) => Key == key && Index == index;

    public static string GetPath(string path) => PartialFile.GetPath(path) + ".json";

    /// <summary>The note beside a file's part; null when there is none that can be read.</summary>
    public static PartialDownloadMetadata? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(HeldFile.ReadAllBytes(GetPath(path)), SavingJson.Relaxed.PartialDownloadMetadata);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public Task WriteAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(GetPath(path), JsonSerializer.SerializeToUtf8Bytes(this, SavingJson.Relaxed.PartialDownloadMetadata), timeProvider, cancellationToken);
}
