using System.Text.Json;
using OmniTools.Errors;
using OmniTools.Mcp.Session;

namespace OmniTools.Mcp.Tests;

public sealed class ConfinementTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omni-root-").FullName;
    private readonly OutputRoot root;

    public ConfinementTests()
    {
        root = new(Path.Combine(folder, "root"));
        Directory.CreateDirectory(root.Folder);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("/etc/fox.mp4")]
    [InlineData("../fox.mp4")]
    [InlineData("a/../../fox.mp4")]
    [InlineData("C:\\fox.mp4")]
    [InlineData("C:fox.mp4")]
    [InlineData("a\\fox.mp4")]
    [InlineData("~/fox.mp4")]
    [InlineData("CON")]
    [InlineData("clips/nul.mp4")]
    [InlineData("clips/com1 .mp4")]
    [InlineData("clips/com¹.mp4")]
    [InlineData("clock$.mp4")]
    [InlineData("fox.mp4:stream")]
    [InlineData("\\\\?\\C:\\fox.mp4")]
    [InlineData("//server/share/fox.mp4")]
    [InlineData("fox.mp4.")]
    [InlineData("fox?.mp4")]
    [InlineData("a//fox.mp4")]
    [InlineData("fox\n.mp4")]
    public void A_path_that_is_not_plainly_below_the_root_is_refused(string path)
    {
        var error = Assert.Throws<OmniException>(() => root.Resolve(path, "path"));

        Assert.Equal("path", error.Field);
        Assert.NotNull(error.Received);
        AssertText.Contains(root.Folder, error.Allowed);
    }

    [Theory]
    [InlineData("fox.mp4")]
    [InlineData("clips/{prompt}-{index}.{ext}")]
    [InlineData("a/b/c")]
    public void A_plain_relative_path_is_taken(string path) =>
        Assert.Equal(Path.Combine([root.Folder, .. path.Split('/')]), root.Resolve(path, "path"));

    [Fact]
    public void Relative_TextWithAPathBelowTheRoot_HasItAsItIsGivenToTheTools()
    {
        Assert.Equal("reading clips/dog.png",
            root.Relative($"reading {Path.Combine(root.Folder, "clips", "dog.png")}"));
        Assert.Equal(@"reading D:\x", root.Relative(@"reading D:\x"));
    }

    [Fact]
    public void A_link_that_leads_out_of_the_root_is_refused_and_one_that_stays_is_taken()
    {
        Assert.SkipUnless(Testing.SymbolicLinks.Missing is null, Testing.SymbolicLinks.Missing ?? "");
        Directory.CreateDirectory(Path.Combine(folder, "outside"));
        Directory.CreateDirectory(Path.Combine(root.Folder, "inside"));
        Directory.CreateSymbolicLink(Path.Combine(root.Folder, "out"), Path.Combine(folder, "outside"));
        Directory.CreateSymbolicLink(Path.Combine(root.Folder, "in"), "inside");
        File.CreateSymbolicLink(Path.Combine(root.Folder, "secret.png"), Path.Combine(folder, "outside", "key.png"));

        Assert.Throws<OmniException>(() => root.Resolve("out/fox.mp4", "path"));
        Assert.Throws<OmniException>(() => root.Reference("secret.png", "image_urls"));
        root.Resolve("in/fox.mp4", "path");
    }

    [Fact]
    public void A_local_reference_is_read_from_the_root_only_and_handed_on_as_an_absolute_path()
    {
        Assert.Throws<OmniException>(() => root.Reference("/etc/passwd", "image_urls"));
        Assert.Throws<OmniException>(() => root.Reference("../key.png", "image_urls"));
        Assert.Throws<OmniException>(() => root.Reference(root.Folder + "-other/a.png", "image_urls"));
        Assert.Equal(Path.Combine(root.Folder, "a.png"), root.Reference("a.png", "image_urls"));
    }

    [Theory]
    [InlineData("/etc/x://../passwd")]
    [InlineData("x/://../../../key.png")]
    [InlineData("\\\\server\\share\\x://y.png")]
    public async Task A_path_that_looks_like_a_URL_is_confined_as_a_path(string reference)
    {
        await using var server = await ServerFixture.StartAsync();

        var refused = await server.RefusalAsync("generate_video",
            $$"""{"prompt":"a","provider":"apimart","image_urls":[{{JsonSerializer.Serialize(reference)}}]}""");

        AssertText.Contains(reference.StartsWith('\\') && !OperatingSystem.IsWindows()
            ? "image_urls"
            : "image_urls: The path leads out of the output root", refused);
    }

    [Theory]
    [InlineData(@"C:\clips", @"C:\clips\a.png", false)]
    [InlineData(@"C:\clips", @"\\server\share\a.png", true)]
    [InlineData(@"C:\clips", @"\\?\UNC\server\share\a.png", true)]
    [InlineData(@"\\nas\me\clips", @"\\nas\me\clips\a.png", false)]
    [InlineData(@"\\nas\me\clips", @"\\NAS\Me\Clips\a.png", false)]
    [InlineData(@"\\nas\me\clips\", @"\\nas\me\clips\a.png", false)]
    [InlineData(@"\\nas\me\clips", @"\\nas\me\clips2\a.png", true)]
    [InlineData(@"C:\clips", @"\\.\pipe\a", true)]
    [InlineData(@"C:\clips", @"C:\clips\a.png:stream", true)]
    [InlineData(@"C:\clips", @"C:\clips\nul.png", true)]
    public void IsElsewhere_PathOfWindows_IsOneThatMustNotBeLookedAt(string folder, string path, bool expected) =>
        Assert.Equal(expected, OutputRoot.IsElsewhere(path, folder));
}
