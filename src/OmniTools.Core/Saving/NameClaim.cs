using System.Security.Cryptography;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Http;
using OmniTools.Tasks;

namespace OmniTools.Saving;

/// <summary>A name that is ours: with a part to fill, or without one because the file is there already.</summary>
internal sealed record ClaimedName(string Path, PartFile? Part)
{
    public bool Replaces { get; init; }
    public string? Sha256 { get; init; }
    public long Bytes { get; init; }
}

/// <summary>
/// Finds the name of a video: the file it has already, or the first name that nobody else has. Whoever holds a name's part holds
/// the name. <paramref name="latest"/> gives a task as the ledger has it by now.
/// </summary>
internal sealed class NameClaim(VideoName name, VideoTask task, int index, SaveOptions options, TimeProvider time, Func<VideoTask, Task<VideoTask>> latest)
{
    private VideoTask task = task;

    private enum Owner { Nobody, Us, Another, Stranger }

    public async Task<ClaimedName> TakeAsync(CancellationToken stop)
    {
        MakeFolder();
        if (task.Videos[index].SavedPath is { } known && name.Includes(known) && !options.Overwrite && await UnchangedAsync(known, task.Videos[index].Sha256, stop) is { } there)
            return there;
        for (var number = 1; number <= SavingConstants.MaximumNumber; number++)
        {
            if (await TryAsync(name.Choice(number), stop) is { } claim)
                return claim;
        }
        throw new OmniException(OmniErrorKind.OutputRefused, "There are too many files of this name") { Field = "path", Received = name.Choice(1), NextStep = "Use {id} in the name template" };
    }

    private async Task<ClaimedName?> TryAsync(string path, CancellationToken stop)
    {
        var (seen, since, isTold) = (-1L, time.GetTimestamp(), false);
        while (true)
        {
            if (Directory.Exists(path))
                throw new OmniException(OmniErrorKind.OutputRefused, "A folder has the name the video should have") { Field = "path", Received = path, NextStep = "Choose another name" };
            var (owner, sha256) = await GetOwnerAsync(path);
            if (owner == Owner.Us && !options.Overwrite)
                return await UnchangedAsync(path, sha256, stop);
            if (owner == Owner.Another || (owner == Owner.Stranger && !options.Overwrite) || new FileInfo(PartFile.PathOf(path)).LinkTarget is not null)
                return null;
            PartFile? part = null;
            // A part that another save has just deleted is denied for a moment, on Windows.
            await HeldFile.ChangeAsync(() => part = PartFile.TryTake(path), SavingConstants.HeldTimeout, time, stop);
            var note = PartNote.Read(path);
            if (note is not null && !note.IsOf(task.RequestKey, index))
            {
                part?.Leave();
                return null;
            }
            if (part is null)
            {
                // The same video, or one that has not said yet which it is: whoever saves it is let finish.
                if (!isTold)
                    OmniTrace.Verbose($"Another save holds {path}: it is let finish");
                isTold = true;
                if (new FileInfo(PartFile.PathOf(path)) is { Exists: true } other && other.Length != seen)
                    (seen, since) = (other.Length, time.GetTimestamp());
                if (time.GetElapsedTime(since) > SavingConstants.BusyTimeout)
                    throw new OmniException(OmniErrorKind.OutputRefused, "Another process holds this file and does not go on") { Field = "path", Received = PartFile.PathOf(path), NextStep = "End the other process, or choose another name" };
                await Task.Delay(SavingConstants.BusyPause, time, stop);
                continue;
            }
            if (note is null && part.Length > 0)
            {
                part.Leave();
                return null;
            }
            if ((await GetOwnerAsync(path)).Owner == owner)
            {
                if (note is null)
                    await BeginAsync(part, path, stop);
                return new(path, part) { Replaces = owner != Owner.Nobody };
            }
            part.Leave();
        }
    }

    // A part without a note would hold the name and belong to nobody.
    private async Task BeginAsync(PartFile part, string path, CancellationToken stop)
    {
        try
        {
            await SavingErrors.GuardAsync(path, () => new PartNote { Key = task.RequestKey, Index = index }.WriteAsync(path, time, stop));
        }
        catch
        {
            part.Leave();
            throw;
        }
    }

    private async Task<(Owner Owner, string? Sha256)> GetOwnerAsync(string path)
    {
        // In the order that a save does not have: sidecar before its note goes, note before the file comes.
        var exists = File.Exists(path);
        var note = PartNote.Read(path);
        var sidecar = Sidecar.Read(path);
        var isOurs = sidecar?.IsOf(task, index) == true;
        if (!exists)
            return (isOurs || !options.Sidecar || !Path.Exists(VideoName.SidecarOf(path)) ? Owner.Nobody : Owner.Another, null);
        if (sidecar is null && !VideoName.Same(path, task.Videos[index].SavedPath))
            // A save of another process that has just ended may be known by its record alone.
            task = await latest(task);
        var sha256 = VideoName.Same(path, task.Videos[index].SavedPath) ? task.Videos[index].Sha256
            : isOurs ? sidecar!.Sha256
            : sidecar is null && note is { Sha256: not null } && note.IsOf(task.RequestKey, index) ? note.Sha256
            : null;
        return (sha256 is not null ? Owner.Us : sidecar is not null ? Owner.Another : Owner.Stranger, sha256);
    }

    private async Task<ClaimedName?> UnchangedAsync(string path, string? sha256, CancellationToken stop)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                var found = Convert.ToHexString(await SHA256.HashDataAsync(file, stop)).ToLowerInvariant();
                return found == sha256 ? new(path, null) { Sha256 = found, Bytes = file.Length } : null;
            }
            catch (IOException failure) when (HeldFile.IsHeld(failure) && time.GetElapsedTime(since) < SavingConstants.HeldTimeout)
            {
                // A save that has just given it its name lets go of it next.
                await Task.Delay(SavingConstants.BusyPause, time, stop);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    // A link inside the folder could lead anywhere.
    private void MakeFolder()
    {
        var folder = Path.GetFullPath(name.Root);
        SavingErrors.Guard(folder, () => Directory.CreateDirectory(folder));
        foreach (var below in name.Folders)
        {
            folder = Path.Combine(folder, below);
            if (new DirectoryInfo(folder).LinkTarget is not null)
                throw new OmniException(OmniErrorKind.OutputRefused, "The name leads through a link") { Field = "path", Received = folder, NextStep = "Choose another name" };
            SavingErrors.Guard(folder, () => Directory.CreateDirectory(folder));
        }
    }
}
