using OmniTools.Files;

namespace OmniTools.Core.Tests.Files;

public sealed class HeldFileTests
{
    private readonly TestTimeProvider clock = new() { AutoAdvance = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(unchecked((int)0x80070020), true)] // Sharing violation.
    [InlineData(unchecked((int)0x80070021), true)] // Lock violation.
    [InlineData(unchecked((int)0x8007012F), true)] // Deletion pending.
    [InlineData(unchecked((int)0x800704C8), true)] // A mapped section is open.
    [InlineData(11, true)] // EWOULDBLOCK of Linux.
    [InlineData(35, true)] // EWOULDBLOCK of macOS.
    [InlineData(32, false)] // EPIPE.
    [InlineData(unchecked((int)0x80070050), false)] // The file exists.
    [InlineData(unchecked((int)0x80070070), false)] // The disk is full.
    public void IsHeld_CodeOfTheSystem_TellsAHeldFileFromOtherFailures(int code, bool expected)
    {
        Assert.Equal(expected, HeldFile.IsHeld(new IOException("x", code)));
        Assert.False(HeldFile.IsHeld(new FileNotFoundException("x") { HResult = code }));
    }

    [Fact]
    public void MayBeHeld_AccessDenied_IsSoOnWindowsOnly()
    {
        Assert.True(HeldFile.MayBeHeld(new UnauthorizedAccessException(), isWindows: true));
        Assert.False(HeldFile.MayBeHeld(new UnauthorizedAccessException(), isWindows: false));
    }

    [Fact]
    public async Task ChangeAsync_FileHeldForAWhile_IsChangedOnceItIsLetGo()
    {
        var (began, attempts) = (clock.GetUtcNow(), 0);
        await HeldFile.ChangeAsync(() =>
        {
            if (++attempts < 5)
                throw new IOException("held", unchecked((int)0x80070020));
        }, HeldFile.ReplaceTimeout, clock, Stop);
        Assert.Equal((5, HeldFile.Pause * 4), (attempts, clock.GetUtcNow() - began));
    }

    [Fact]
    public async Task ChangeAsync_FileHeldForGood_FailsAfterTheTimeout()
    {
        var began = clock.GetUtcNow();
        var failure = await Assert.ThrowsAsync<IOException>(() =>
            HeldFile.ChangeAsync(() => throw new IOException("held", unchecked((int)0x80070020)),
            HeldFile.ReplaceTimeout, clock, Stop));
        Assert.Equal(("held", HeldFile.ReplaceTimeout), (failure.Message, clock.GetUtcNow() - began));
    }

    [Fact]
    public async Task ChangeAsync_OtherFailure_IsThrownAtOnce()
    {
        var (began, attempts) = (clock.GetUtcNow(), 0);
        await Assert.ThrowsAsync<IOException>(() => HeldFile.ChangeAsync(() =>
        {
            attempts++;
            throw new IOException("full", unchecked((int)0x80070070));
        }, HeldFile.ReplaceTimeout, clock, Stop));
        Assert.Equal((1, began), (attempts, clock.GetUtcNow()));
    }

    [Fact]
    public void ReadAllBytes_FileOpenForWriting_IsReadAndDoesNotKeepOthersFromReplacingIt()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("note", [1, 2, 3]);
        using var writer =
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Assert.Equal([1, 2, 3], HeldFile.ReadAllBytes(path));
    }
}
