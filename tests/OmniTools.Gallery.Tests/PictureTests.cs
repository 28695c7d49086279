using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Playwright;
using OmniTools.Errors;
using static Microsoft.Playwright.Assertions;

namespace OmniTools.Gallery.Tests;

/// <summary>
/// The page at every width, light and dark. The pictures are left below <c>artifacts/gallery</c> to be looked at.
/// </summary>
public sealed class PictureTests(Browser browser) : IAsyncDisposable
{
    private readonly GalleryFixture gallery = new();

    public ValueTask DisposeAsync() => gallery.DisposeAsync();

    [Theory]
    [InlineData("wide-light", 1920, ColorScheme.Light, 5)]
    [InlineData("wide-dark", 1920, ColorScheme.Dark, 5)]
    [InlineData("narrow-light", 390, ColorScheme.Light, 1)]
    [InlineData("narrow-dark", 390, ColorScheme.Dark, 1)]
    public async Task ThePage_FitsItsWidth(string name, int width, ColorScheme scheme, int leastColumns)
    {
        gallery.Write(
            Samples.Saved(gallery.Folder, 1), Samples.Saved(gallery.Folder, 2, clip: "portrait-6"), Samples.Running(3),
            Samples.Failed(4), Samples.Unsaved(5),
            Samples.Unknown(6), Samples.Saved(gallery.Folder, 27, clip: "landscape-10"),
            Samples.Failed(30, "The generation failed.", Charged.Unknown),
            Samples.Saved(gallery.Folder, 52), Samples.Saved(gallery.Folder, 80, "حصان يركض على الشاطئ عند الغروب"),
            Samples.Saved(gallery.Folder, 101, new string('w', 300)));
        await using var window = await browser.OpenAsync(width, 900, scheme);
        await window.Page.GotoAsync(gallery.Address);

        await Expect(window.Page.Locator("#grid > .card")).ToHaveCountAsync(11);
        Assert.True(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        var columns = await window.Page.EvaluateAsync<int>(
            "getComputedStyle(document.getElementById('grid')).gridTemplateColumns.split(' ').length");
        Assert.True(columns >= leastColumns, $"{columns} columns");
        await window.UntilAsync("[...document.querySelectorAll('video[src]')].every(video => video.readyState >= 2)");
        await window.PictureAsync(name);
        Assert.Empty(window.Problems);
    }

    [Fact]
    public async Task ExportOmniGallery_ShowsAndPlaysTheClipsOfTheSandbox()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder);
        await using var window = await browser.OpenAsync(1280, 900);
        await window.Page.GotoAsync(new Uri(folder["clips/gallery.html"]).AbsoluteUri);

        await Expect(window.Page.Locator("#grid > .card")).ToHaveCountAsync(8);
        await Expect(window.Page.Locator(".card.saved video")).ToHaveCountAsync(5);
        await Expect(window.Page.Locator(".card.failed, .card.unsaved, .card.running")).ToHaveCountAsync(3);
        await window.UntilAsync("[...document.querySelectorAll('video')].every(video => video.readyState >= 2)");
        // From somewhere in the middle, as a person would see them.
        await window.Page.EvaluateAsync(
            "Promise.all([...document.querySelectorAll('video')].map((video, i) => new Promise(done => { "
            + "video.onseeked = done; video.currentTime = 1.2 + i; })))");
        await window.PictureAsync("readme");
        if (Environment.GetEnvironmentVariable("OMNI_UPDATE_PICTURE") == "1")
            File.Copy(Path.Combine(Repository.Root, "artifacts", "gallery", "readme.png"),
                Path.Combine(Repository.Root, "docs", "gallery.png"), overwrite: true);
        Assert.Empty(window.Problems);
    }

    private static async Task RunAsync(TemporaryFolder folder)
    {
        var start = new ProcessStartInfo("pwsh",
            ["-NoProfile", "-NonInteractive", "-File",
            Path.Combine(Repository.Root, "tests", "OmniTools.Gallery.Tests", "SandboxGallery.ps1"),
                "-Module", Path.Combine(Repository.Root, "artifacts", "module", "OmniTools"), "-Folder",
                    folder["clips"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OMNI_", StringComparison.Ordinal))
            .ToList())
            start.Environment.Remove(name);
        start.Environment["OMNI_SANDBOX"] = "1";
        start.Environment["OMNI_SANDBOX_SECONDS"] = "0.2";
        start.Environment["OMNI_HOME"] = folder["home"];
        try
        {
            using var shell = Process.Start(start)!;
            var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(shell.ExitCode == 0, output + await errors);
        }
        catch (Win32Exception missing)
        {
            Assert.Skip($"There is no pwsh on this machine: {missing.Message}");
        }
    }
}
