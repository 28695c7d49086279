namespace OmniTools.Files;

/// <summary>
/// Files and folders that only the user may read: mode 0600 and 0700, on Windows an access control list.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a folder for the user alone; an existing folder keeps its permissions.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (OperatingSystem.IsWindows())
            WindowsAccess.CreateFolder(folder);
        else
            Directory.CreateDirectory(folder, UserOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file; a new one is for the user alone.</summary>
    public static FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        if (OperatingSystem.IsWindows() && mode != FileMode.Open)
            return WindowsAccess.Create(path, mode, access, share, options);
        var how = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = share,
            Options = options,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            how.UnixCreateMode = UserOnly;
        return new FileStream(path, how);
    }

    /// <summary>
    /// Restricts an existing file to the user, on Windows, where files that other code creates have the permissions of
    /// their folder. Elsewhere SQLite gives its files the permissions of their database.
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
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or NotSupportedException
            or InvalidOperationException)
        {
            // A drive without permissions (FAT), or another user's file: its content is still of use.
        }
    }
}
