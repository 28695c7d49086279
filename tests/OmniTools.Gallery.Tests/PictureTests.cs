using Microsoft.Playwright;
using OmniTools.Errors;
using static Microsoft.Playwright.Assertions;

namespace OmniTools.Gallery.Tests;

/// <summary>The page at every width, light and dark. The pictures are left below <c>artifacts/gallery</c> to be looked at.</summary>
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
            Samples.Saved(gallery.Folder, 1), Samples.Saved(gallery.Folder, 2, clip: "portrait-6"), Samples.Running(3), Samples.Failed(4), Samples.Unsaved(5),
            Samples.Unknown(6), Samples.Saved(gallery.Folder, 27, clip: "landscape-10"), Samples.Failed(30, "The generation failed.", Charged.Unknown),
            Samples.Saved(gallery.Folder, 52), Samples.Saved(gallery.Folder, 80, "حصان يركض على الشاطئ عند الغروب"), Samples.Saved(gallery.Folder, 101, new string('w', 300)));
        await using var window = await browser.OpenAsync(width, 900, scheme);
        await window.Page.GotoAsync(gallery.Address);

        await Expect(window.Page.Locator("#grid > .card")).ToHaveCountAsync(11);
        Assert.True(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        var columns = await window.Page.EvaluateAsync<int>("getComputedStyle(document.getElementById('grid')).gridTemplateColumns.split(' ').length");
        Assert.True(columns >= leastColumns, $"{columns} columns");
        await window.UntilAsync("[...document.querySelectorAll('video[src]')].every(video => video.readyState >= 2)");
        await window.PictureAsync(name);
        Assert.Empty(window.Problems);
    }
}
