namespace OmniTools.Saving;

/// <summary>
/// The metadata of a partial file: its video, the version of the remote file, and at the end its hash.
/// </summary>
internal sealed record PartialDownloadMetadata
{
    public required string Key { get; init; }
    public required int Index { get; init; }

    /// <summary>The strong ETag; null: the download cannot be resumed.</summary>
    public string? ETag { get; init; }

    /// <summary>The length of the complete file in bytes, once the server has sent it.</summary>
    public long? Total { get; init; }

    /// <summary>
    /// The hash of the complete file, written before the rename: it identifies a save that was interrupted afterwards.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether it is of this video of this task.</summary>
    public bool IsFor(string key, int index) => Key == key && Index == index;

    public static string GetPath(string path) => PartialFile.GetPath(path) + ".json";

    /// <summary>The metadata of a file's partial download; null when there is none that can be read.</summary>
    public static PartialDownloadMetadata? Read(string path) =>
        SavingJson.Read(GetPath(path), SavingJson.Relaxed.PartialDownloadMetadata);

    public Task WriteAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        SavingJson.WriteAsync(
            GetPath(path), this, SavingJson.Relaxed.PartialDownloadMetadata, timeProvider, cancellationToken);
}
