using System.Security.Cryptography;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>A name that is ours: with a part to fill, or without one because the file is there already.</summary>
internal sealed record ReservedFile(string Path, PartialFile? Part)
{
    public bool Replaces { get; init; }
    public string? Sha256 { get; init; }
    public long Bytes { get; init; }
}

/// <summary>
/// Finds the name of a video: the file it has already, or the first name that nobody else has. Whoever holds a name's
/// part holds the name. <paramref name="latest"/> gives a task as the ledger has it by now.
/// </summary>
internal sealed class OutputFileReservation(VideoName name, VideoTask task, int index, SaveOptions options,
    TimeProvider timeProvider, Func<VideoTask, Task<VideoTask>> latest)
{
    private VideoTask task = task;

    private enum FileOwner { None, ThisVideo, OtherVideo, Unknown }

    public async Task<ReservedFile> ReserveAsync(CancellationToken cancellationToken)
    {
        CreateFolder();
        if (task.Videos[index].SavedPath is { } known && name.Includes(known) && !options.Overwrite
            && await FindUnchangedAsync(known, task.Videos[index].Sha256, cancellationToken) is { } there)
            return there;
        for (var number = 1; number <= SavingConstants.MaximumNumber; number++)
        {
            if (await TryReserveAsync(name.GetPath(number), cancellationToken) is { } claim)
                return claim;
        }
        throw new OmniException(OmniErrorKind.OutputRefused, "There are too many files of this name", new()
        {
            Field = "path",
            Received = name.GetPath(1),
            NextStep = "Use {id} in the name template",
        });
    }

    private async Task<ReservedFile?> TryReserveAsync(string path, CancellationToken cancellationToken)
    {
        var (seen, since, isTold) = (-1L, timeProvider.GetTimestamp(), false);
        while (true)
        {
            if (Directory.Exists(path))
                throw new OmniException(OmniErrorKind.OutputRefused,
                    "A folder has the name the video should have", new()
                    {
                        Field = "path",
                        Received = path,
                        NextStep = "Choose another name",
                    });
            var (owner, sha256) = await GetOwnerAsync(path);
            if (owner == FileOwner.ThisVideo && !options.Overwrite)
                return await FindUnchangedAsync(path, sha256, cancellationToken);
            if (owner == FileOwner.OtherVideo || (owner == FileOwner.Unknown && !options.Overwrite)
                || new FileInfo(PartialFile.GetPath(path)).LinkTarget is not null)
                return null;
            PartialFile? part = null;
            // A part that another save has just deleted is denied for a moment, on Windows.
            await HeldFile.ChangeAsync(() => part = PartialFile.TryOpen(path), SavingConstants.HeldTimeout,
                timeProvider, cancellationToken);
            var note = PartialDownloadMetadata.Read(path);
            if (note is not null && !note.IsFor(task.RequestKey, index))
            {
                part?.Release();
                return null;
            }
            if (part is null)
            {
                // The same video, or one that has not said yet which it is: whoever saves it is let finish.
                if (!isTold)
                    OmniTrace.Verbose($"Another save holds {path}: it is let finish");
                isTold = true;
                if (new FileInfo(PartialFile.GetPath(path)) is { Exists: true } other && other.Length != seen)
                    (seen, since) = (other.Length, timeProvider.GetTimestamp());
                if (timeProvider.GetElapsedTime(since) > SavingConstants.BusyTimeout)
                    throw new OmniException(OmniErrorKind.OutputRefused,
                        "Another process holds this file and does not go on", new()
                        {
                            Field = "path",
                            Received = PartialFile.GetPath(path),
                            NextStep = "End the other process, or choose another name",
                        });
                await Task.Delay(SavingConstants.BusyPause, timeProvider, cancellationToken);
                continue;
            }
            if (note is null && part.Length > 0)
            {
                part.Release();
                return null;
            }
            if ((await GetOwnerAsync(path)).Owner == owner)
            {
                if (note is null)
                    await BeginAsync(part, path, cancellationToken);
                return new(path, part) { Replaces = owner != FileOwner.None };
            }
            part.Release();
        }
    }

    // A part without a note would hold the name and belong to nobody.
    private async Task BeginAsync(PartialFile part, string path, CancellationToken cancellationToken)
    {
        try
        {
            await SavingErrors.GuardAsync(path,
                () => new PartialDownloadMetadata { Key = task.RequestKey, Index = index }.WriteAsync(path,
                timeProvider, cancellationToken));
        }
        catch
        {
            part.Release();
            throw;
        }
    }

    private async Task<(FileOwner Owner, string? Sha256)> GetOwnerAsync(string path)
    {
        // In the order that a save does not have: sidecar before its note goes, note before the file comes.
        var exists = File.Exists(path);
        var note = PartialDownloadMetadata.Read(path);
        var sidecar = Sidecar.Read(path);
        var isOurs = sidecar?.IsFor(task, index) == true;
        if (!exists)
            return (isOurs || !options.Sidecar || !Path.Exists(VideoName.GetSidecarPath(path))
                ? FileOwner.None
                : FileOwner.OtherVideo, null);
        if (sidecar is null && !VideoName.IsSamePath(path, task.Videos[index].SavedPath))
            // A save of another process that has just ended may be known by its record alone.
            task = await latest(task);
        var sha256 = VideoName.IsSamePath(path, task.Videos[index].SavedPath) ? task.Videos[index].Sha256
            : isOurs ? sidecar!.Sha256
            : sidecar is null && note is { Sha256: not null } && note.IsFor(task.RequestKey, index) ? note.Sha256
            : null;
        return (sha256 is not null
            ? FileOwner.ThisVideo
            : sidecar is not null ? FileOwner.OtherVideo : FileOwner.Unknown, sha256);
    }

    private async Task<ReservedFile?> FindUnchangedAsync(string path, string? sha256,
        CancellationToken cancellationToken)
    {
        var since = timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                await using var file = new FileStream(path, FileMode.Open, FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                var found = Convert.ToHexString(await SHA256.HashDataAsync(file, cancellationToken)).ToLowerInvariant();
                return found == sha256 ? new(path, null) { Sha256 = found, Bytes = file.Length } : null;
            }
            catch (IOException failure)
                when (HeldFile.IsHeld(failure) && timeProvider.GetElapsedTime(since) < SavingConstants.HeldTimeout)
            {
                // A save that has just given it its name lets go of it next.
                await Task.Delay(SavingConstants.BusyPause, timeProvider, cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    // A link inside the folder could lead anywhere.
    private void CreateFolder()
    {
        var folder = Path.GetFullPath(name.Root);
        SavingErrors.Guard(folder, () => Directory.CreateDirectory(folder));
        foreach (var below in name.Folders)
        {
            folder = Path.Combine(folder, below);
            if (new DirectoryInfo(folder).LinkTarget is not null)
                throw new OmniException(OmniErrorKind.OutputRefused, "The name leads through a link", new()
                {
                    Field = "path",
                    Received = folder,
                    NextStep = "Choose another name",
                });
            SavingErrors.Guard(folder, () => Directory.CreateDirectory(folder));
        }
    }
}
