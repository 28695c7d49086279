using OmniTools.Files;

namespace OmniTools.Core.Tests.Files;

/// <summary>Windows' rules, on every platform.</summary>
public sealed class WindowsPathTests
{
    [Theory]
    [InlineData(@"clips\fox.mp4", "Relative")]
    [InlineData("", "Relative")]
    [InlineData("C:fox.mp4", "DriveRelative")]
    [InlineData("c:", "DriveRelative")]
    [InlineData(@"\clips", "RootRelative")]
    [InlineData("/clips", "RootRelative")]
    [InlineData(@"C:\clips", "Drive")]
    [InlineData("c:/clips", "Drive")]
    [InlineData(@"\\?\C:\clips", "Drive")]
    [InlineData(@"\\server\share\clips", "Network")]
    [InlineData("//server/share", "Network")]
    [InlineData(@"\\?\UNC\server\share", "Network")]
    [InlineData(@"\\?\unc\server\share", "Network")]
    [InlineData(@"\\.\COM1", "Device")]
    [InlineData(@"\\.\pipe\x", "Device")]
    [InlineData(@"\\?\GLOBALROOT\Device\x", "Device")]
    [InlineData(@"\\?\C:", "Device")]
    [InlineData(@"\??\C:\x", "Device")]
    public void FormOf_Path_IsWhatItBeginsWith(string path, string expected) =>
    Assert.Equal(expected, WindowsPath.FormOf(path).ToString());

    [Theory]
    [InlineData(@"C:\clips", @"C:\")]
    [InlineData("d:/clips", @"d:\")]
    [InlineData(@"\\?\C:\clips", @"C:\")]
    [InlineData(@"\\server\share\clips", null)]
    [InlineData(@"\\?\UNC\server\share", null)]
    public void GetDrive_AbsolutePath_IsItsDriveOrNone(string path, string? expected) =>
    Assert.Equal(expected, WindowsPath.GetDrive(path));

    [Theory]
    [InlineData(@"C:\clips")]
    [InlineData(@"C:\")]
    [InlineData("C:/clips/of today/")]
    [InlineData(@"\\server\share$\clips")]
    [InlineData(@"\\?\C:\clips")]
    [InlineData(@"\\?\UNC\server\share\clips")]
    [InlineData(@"C:\clips.")] // Windows drops the dot, for all programs alike.
    public void GetProblem_FolderThatCanBeUsed_IsNull(string path) => Assert.Null(WindowsPath.GetProblem(path));

    [Theory]
    [InlineData("C:clips", "current drive")]
    [InlineData(@"\clips", "current drive")]
    [InlineData("clips", "current drive")]
    [InlineData(@"\\.\C:\clips", "device")]
    [InlineData(@"C:\clips\CON", "'CON' is the name of a device")]
    [InlineData(@"C:\clips\com¹.old\x", "'com¹.old'")]
    [InlineData(@"C:\clips:today", "alternate data stream")]
    [InlineData(@"C:\a\b:c:$DATA", "alternate data stream")]
    [InlineData(@"\\?\C:\a\C:\b", "alternate data stream")]
    [InlineData(@"C:\what?\x", "'what?' has a character")]
    [InlineData("C:\\a\tb", "has a character")]
    public void GetProblem_FolderThatCannotBeUsed_SaysWhy(string path, string reason) =>
        Assert.Contains(reason, WindowsPath.GetProblem(path), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"C:\", @"\\?\C:\")]
    [InlineData(@"\\server\share\", @"\\?\UNC\server\share\")]
    [InlineData(@"\\?\C:\", @"\\?\C:\")]
    public void ForNativeCode_LongPath_IsExtendedAndAShortOneIsKept(string root, string extended)
    {
        var name = new string('x', 260);
        Assert.Equal(extended + name, WindowsPath.ForNativeCode(root + name));
        Assert.Equal(root + "ledger.db", WindowsPath.ForNativeCode(root + "ledger.db"));
        // "-journal" is appended by SQLite.
        Assert.Equal(root + name[..(251 - root.Length)], WindowsPath.ForNativeCode(root + name[..(251 - root.Length)]));
        Assert.StartsWith(@"\\?\", WindowsPath.ForNativeCode(root + name[..(252 - root.Length)]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/b/c", "/a/b", true)]
    [InlineData("/a/b/c", "/a/b/", true)]
    [InlineData("/a/b", "/a/b", false)]
    [InlineData("/a/bc", "/a/b", false)]
    [InlineData("/A/B/c", "/a/b", false)]
    public void IsBelow_TextOfAPath_IsComparedWithItsSeparator(string path, string folder, bool expected)
    {
        string Here(string text) => text.Replace('/', Path.DirectorySeparatorChar);
        Assert.Equal(expected, PathText.IsBelow(Here(path), Here(folder), StringComparison.Ordinal));
        Assert.Equal(expected || path == "/A/B/c",
            PathText.IsBelow(Here(path), Here(folder), StringComparison.OrdinalIgnoreCase));
    }
}
