using System.Text.Json;
using OmniTools.Files;

namespace OmniTools.Sandbox.Storage;

/// <summary>Stores every task as one small file, so that it survives the process, as a real one does.</summary>
internal sealed class SandboxTaskStore(string folder) : ISandboxTaskStore
{
    /// <summary>How long another process may hold the lock; it is held for one small write.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    public SandboxTask? Find(string id)
    {
        try
        {
            return JsonSerializer.Deserialize(HeldFile.ReadAllBytes(GetPath(id, ".json")),
                SandboxJson.Default.SandboxTask);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public SandboxTask? FindSubmitted(string id) => Find(id);

    public (SandboxTask Task, bool IsNew) Add(SandboxTask task)
    {
        using var turn = Lock();
        if (Find(task.Id) is { } earlier)
            return (earlier, false);
        var temporary = GetPath(task.Id, ".tmp");
        using (var file = Open(temporary, FileMode.Create))
            JsonSerializer.Serialize(file, task, SandboxJson.Default.SandboxTask);
        File.Move(temporary, GetPath(task.Id, ".json"));
        File.Delete(GetPath(task.Id, ".refused"));
        return (task, true);
    }

    public bool IsFirst(string id)
    {
        try
        {
            Open(GetPath(id, ".refused"), FileMode.CreateNew).Dispose();
            return true;
        }
        catch (IOException) when (File.Exists(GetPath(id, ".refused")))
        {
            return false;
        }
    }

    public SandboxTaskState GetState(SandboxTask task, DateTimeOffset now) => task.GetState(now);

    // One process at a time, so that one key makes one task. File.Move without overwriting is not enough: on Unix it
    // checks first and renames then, so that two processes could both create a task for the same key.
    private FileStream Lock()
    {
        var path = Path.Combine(folder, "lock");
        FileStream? turn = null;
        return SpinWait.SpinUntil(() => (turn = TryLock(path)) is not null, LockTimeout)
            ? turn!
            : throw new IOException($"{path} is held by another process");
    }

    private FileStream? TryLock(string path)
    {
        try
        {
            return Open(path, FileMode.OpenOrCreate);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private FileStream Open(string path, FileMode mode)
    {
        PrivateFiles.CreateFolder(folder);
        return PrivateFiles.Open(path, mode, FileAccess.Write, FileShare.None);
    }

    private string GetPath(string id, string ending) => Path.Combine(folder, id + ending);
}
