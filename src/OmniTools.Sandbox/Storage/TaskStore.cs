using System.Text.Json;

namespace OmniTools.Sandbox.Storage;

/// <summary>Keeps every task as one small file, so that it survives the process as a real one does. Nothing is held in memory.</summary>
internal sealed class TaskStore(string folder)
{
    private const UnixFileMode OnlyTheUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The task of an id made by <see cref="SandboxId"/>; null when there is none.</summary>
    public SandboxTask? Find(string id)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(id, ".json")), SandboxJson.Default.SandboxTask);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps a task unless one of its id is there already; gives the one that is kept, and whether it is this one.</summary>
    public (SandboxTask Task, bool IsNew) Add(SandboxTask task)
    {
        var temporary = PathOf(task.Id, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = Create(temporary))
                JsonSerializer.Serialize(file, task, SandboxJson.Default.SandboxTask);
            // Renaming without overwriting makes one winner among all processes that were given the same key.
            File.Move(temporary, PathOf(task.Id, ".json"), overwrite: false);
            File.Delete(PathOf(task.Id, ".refused"));
            return (task, true);
        }
        catch (IOException) when (Find(task.Id) is not null)
        {
            return (Find(task.Id)!, false);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>True once for each id: the first time it is asked.</summary>
    public bool IsFirst(string id)
    {
        try
        {
            Create(PathOf(id, ".refused")).Dispose();
            return true;
        }
        catch (IOException) when (File.Exists(PathOf(id, ".refused")))
        {
            return false;
        }
    }

    private FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OnlyTheUser | UnixFileMode.UserExecute);
            options.UnixCreateMode = OnlyTheUser;
        }
        return new(path, options);
    }

    private string PathOf(string id, string ending) => Path.Combine(folder, id + ending);
}
