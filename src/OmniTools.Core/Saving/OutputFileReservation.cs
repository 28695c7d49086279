using System.Security.Cryptography;
using OmniTools.Diagnostics;
using OmniTools.Files;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>The file of a video.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Part">The partial file to fill; null: the video is saved already.</param>
internal sealed record ReservedFile(string Path, PartialFile? Part)
{
    /// <summary>Whether a file of the name is replaced.</summary>
    public bool Replaces { get; init; }

    public string? Sha256 { get; init; }

    public long Bytes { get; init; }
}

/// <summary>
/// Finds the name of a video: the file it has already, or the first name that no other video has. The process that has
/// the partial file of a name open owns the name. <paramref name="getLatest"/> reads a task from the ledger again.
/// </summary>
internal sealed class OutputFileReservation(VideoName name, VideoTask task, int index, SaveOptions options,
    TimeProvider timeProvider, Func<VideoTask, Task<VideoTask>> getLatest)
{
    private VideoTask task = task;

    private enum FileOwner { None, ThisVideo, OtherVideo, Unknown }

    public async Task<ReservedFile> ReserveAsync(CancellationToken cancellationToken)
    {
        CreateFolders();
        if (task.Videos[index].SavedPath is { } known && name.Includes(known) && !options.Overwrite
            && await FindUnchangedAsync(known, task.Videos[index].Sha256, cancellationToken) is { } saved)
            return saved;
        for (var number = 1; number <= SavingConstants.MaximumNumber; number++)
        {
            if (await TryReserveAsync(name.GetPath(number), cancellationToken) is { } reserved)
                return reserved;
        }
        throw SavingErrors.Refused("There are too many files of this name", name.GetPath(1),
            "Use {id} in the name template");
    }

    private async Task<ReservedFile?> TryReserveAsync(string path, CancellationToken cancellationToken)
    {
        long? waitingSince = null;
        var seenLength = -1L;
        while (true)
        {
            if (Directory.Exists(path))
                throw SavingErrors.Refused("A folder has the name the video should have", path, "Choose another name");
            var (owner, sha256) = await GetOwnerAsync(path);
            if (owner == FileOwner.ThisVideo && !options.Overwrite)
                return await FindUnchangedAsync(path, sha256, cancellationToken);
            if (owner == FileOwner.OtherVideo || (owner == FileOwner.Unknown && !options.Overwrite)
                || new FileInfo(PartialFile.GetPath(path)).LinkTarget is not null)
                return null;
            PartialFile? part = null;
            // Windows denies access for a moment to a file that another save has just deleted.
            await HeldFile.ChangeAsync(() => part = PartialFile.TryOpen(path), SavingConstants.HeldTimeout,
                timeProvider, cancellationToken);
            try
            {
                var metadata = PartialDownloadMetadata.Read(path);
                if (metadata is null ? part?.Length > 0 : !metadata.IsFor(task.RequestKey, index))
                    return null;
                if (part is null)
                {
                    if (waitingSince is null)
                        OmniTrace.Verbose($"Another save holds {path}: waiting for it");
                    var held = new FileInfo(PartialFile.GetPath(path));
                    var length = held.Exists ? held.Length : 0;
                    if (length != seenLength)
                        (seenLength, waitingSince) = (length, timeProvider.GetTimestamp());
                    if (timeProvider.GetElapsedTime(waitingSince!.Value) > SavingConstants.BusyTimeout)
                        throw SavingErrors.Refused("Another process holds this file and writes nothing",
                            held.FullName, "End the other process, or choose another name");
                    await Task.Delay(HeldFile.Pause, timeProvider, cancellationToken);
                }
                else if ((await GetOwnerAsync(path)).Owner == owner)
                {
                    // A partial file without metadata would keep the name from every video.
                    if (metadata is null)
                        await new PartialDownloadMetadata { Key = task.RequestKey, Index = index }
                            .WriteAsync(path, timeProvider, cancellationToken);
                    var reserved = new ReservedFile(path, part) { Replaces = owner != FileOwner.None };
                    part = null;
                    return reserved;
                }
            }
            finally
            {
                part?.Release();
            }
        }
    }

    private async Task<(FileOwner Owner, string? Sha256)> GetOwnerAsync(string path)
    {
        // A save writes its metadata before the file appears, and its sidecar before it deletes the metadata. Read in
        // the reverse order, a file always has one of them.
        var exists = File.Exists(path);
        var metadata = PartialDownloadMetadata.Read(path);
        var sidecar = Sidecar.Read(path);
        var isOurs = sidecar?.IsFor(task, index) == true;
        if (!exists)
        {
            var isFree = isOurs || !options.Sidecar || !Path.Exists(VideoName.GetSidecarPath(path));
            return (isFree ? FileOwner.None : FileOwner.OtherVideo, null);
        }
        // Only the ledger knows of a save of another process that has just ended.
        if (sidecar is null && !VideoName.IsSamePath(path, task.Videos[index].SavedPath))
            task = await getLatest(task);
        var sha256 = VideoName.IsSamePath(path, task.Videos[index].SavedPath) ? task.Videos[index].Sha256
            : isOurs ? sidecar!.Sha256
            : sidecar is null && metadata?.IsFor(task.RequestKey, index) == true ? metadata.Sha256
            : null;
        var owner = sha256 is not null ? FileOwner.ThisVideo
            : sidecar is not null ? FileOwner.OtherVideo
            : FileOwner.Unknown;
        return (owner, sha256);
    }

    private async Task<ReservedFile?> FindUnchangedAsync(string path, string? sha256,
        CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = null!;
            // A save that has just renamed the file closes it next.
            await HeldFile.ChangeAsync(() => file = new(path, FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), SavingConstants.HeldTimeout, timeProvider,
                cancellationToken);
            await using (file)
            {
                var found = Convert.ToHexString(await SHA256.HashDataAsync(file, cancellationToken)).ToLowerInvariant();
                return found == sha256 ? new(path, null) { Sha256 = found, Bytes = file.Length } : null;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A link inside the folder could lead anywhere.
    private void CreateFolders()
    {
        var folder = Path.GetFullPath(name.Root);
        Directory.CreateDirectory(folder);
        foreach (var below in name.Folders)
        {
            folder = Path.Combine(folder, below);
            if (new DirectoryInfo(folder).LinkTarget is not null)
                throw SavingErrors.Refused("The name leads through a link", folder, "Choose another name");
            Directory.CreateDirectory(folder);
        }
    }
}
