using OmniTools.Files;

namespace OmniTools.Core.Tests.Files;

public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Open_NewFileInANewFolder_IsTheUsersAlone()
    {
        PrivateFiles.CreateFolder(folder["a/b"]);
        PrivateFiles.Open(folder["a/b/file"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None).Dispose();
        if (OperatingSystem.IsWindows())
        {
            Assert.True(WindowsAccess.IsPrivate(folder["a/b/file"]));
        }
        else
        {
            Assert.Equal(UserOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["a/b"]));
            Assert.Equal(UserOnly, File.GetUnixFileMode(folder["a/b/file"]));
        }
    }

    [Fact]
    public void Open_ExistingFile_KeepsItsContentAndTheModesOfFileStream()
    {
        var path = folder.Write("file", [1, 2]);
        using (var file = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(2, file.Length);
            Assert.True(HeldFile.IsHeld(
                Assert.Throws<IOException>(
                () => PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None))));
        }
        Assert.Throws<IOException>(
            () => PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
        PrivateFiles.Open(folder["gone"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
            FileOptions.DeleteOnClose).Dispose();
        Assert.False(File.Exists(folder["gone"]));
    }

    [Fact]
    public void Restrict_FileInAFolderThatOthersMayRead_IsTheUsersAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(),
            "Only Windows has permissions that files take from their folder.");
        Assert.SkipWhen(Wine.IsPresent, "Wine does not change the permissions of a file that exists.");
        var path = folder.Write("file", [1]);
        PrivateFiles.Restrict(path);
        PrivateFiles.Restrict(folder["none"]);
        Assert.True(!OperatingSystem.IsWindows() || WindowsAccess.IsPrivate(path));
        Assert.Equal([1], File.ReadAllBytes(path));
    }
}
