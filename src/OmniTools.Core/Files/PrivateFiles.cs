namespace OmniTools.Files;

/// <summary>Files and folders that only the user may read: mode 0600 and 0700, on Windows an access control list.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder for the user alone; one that exists keeps its permissions.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (OperatingSystem.IsWindows())
            WindowsAccess.CreateFolder(folder);
        else
            Directory.CreateDirectory(folder, UserOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file; one that is made is the user's alone.</summary>
    public static FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        if (OperatingSystem.IsWindows() && mode != FileMode.Open)
            return WindowsAccess.Create(path, mode, access, share, options);
        var how = new FileStreamOptions { Mode = mode, Access = access, Share = share, Options = options, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            how.UnixCreateMode = UserOnly;
        return new FileStream(path, how);
    }

    /// <summary>
    /// Makes an existing file the user's alone, on Windows, where what others create in a folder has the folder's permissions. Elsewhere
    /// SQLite gives its files the permissions of their database.
    /// </summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows() || !File.Exists(path))
            return;
        try
        {
            if (!WindowsAccess.IsPrivate(path))
                WindowsAccess.Restrict(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or InvalidOperationException)
        {
            // A drive without permissions (FAT), or somebody else's file: what is in it is still of use.
        }
    }
}
