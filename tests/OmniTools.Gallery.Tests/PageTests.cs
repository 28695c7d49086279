using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OmniTools.Gallery.Tests;

/// <summary>The page that a person opens, from a file, in a real browser.</summary>
public sealed class PageTests(Browser browser) : IAsyncDisposable
{
    private readonly GalleryFixture gallery = new();

    public ValueTask DisposeAsync() => gallery.DisposeAsync();

    [Fact]
    public async Task APageWithoutClips_SaysSo()
    {
        gallery.Write();
        await using var window = await OpenAsync();

        await Expect(Cards(window)).ToHaveCountAsync(0);
        await Expect(window.Page.GetByText("There are no clips yet.")).ToBeVisibleAsync();
        AssertQuiet(window);
    }

    [Fact]
    public async Task OneSavedClip_ShowsEverythingThatIsKnownOfIt_AndNoUrlOfTheProvider()
    {
        gallery.Write(Samples.Saved(gallery.Folder, 2, "A red fox"));
        await using var window = await OpenAsync();

        await Expect(Cards(window)).ToHaveCountAsync(1);
        var text = await Cards(window).InnerTextAsync();
        foreach (var fact in new[] { "A red fox", "apimart", "gemini-omni-flash-preview", "6 s", "720p",
            "12 credits, about $1.20", "2 h ago", "clip 2#.mp4", "47 KB" })
            Assert.Contains(fact, text, StringComparison.Ordinal);
        Assert.DoesNotContain("provider.invalid",
            await File.ReadAllTextAsync(gallery.Path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        AssertQuiet(window);
    }

    [Fact]
    public async Task EachState_HasItsOwnCard_AndTheSummaryCountsThem()
    {
        gallery.Write(Samples.Saved(gallery.Folder, 2), Samples.Unsaved(4), Samples.Failed(6), Samples.Running(8),
            Samples.Unknown(10));
        await using var window = await OpenAsync();

        await Expect(window.Page.Locator(".unsaved .state")).ToContainTextAsync("Not saved. Its URL expires in 5 h.");
        await Expect(window.Page.Locator(".failed .state"))
            .ToHaveTextAsync("Failed: The content policy refused it. Not billed.");
        await Expect(window.Page.Locator(".running .state")).ToHaveTextAsync("In progress, 40 %");
        await Expect(window.Page.Locator(".running progress")).ToHaveJSPropertyAsync("value", 40);
        await Expect(window.Page.Locator(".unknown .state")).ToContainTextAsync("it may have been accepted and billed");
        // 12 + 14 credits, and the two whose price nobody knows yet.
        var summary = await window.Page.Locator("#summary").InnerTextAsync();
        foreach (var figure in new[] { "5\nclips", "1\nsaved", "1\nfailed", "1\nrunning", "1\nnot saved", "1\nunknown",
            "$2.60\nspent, and 2 of unknown price" })
            Assert.Contains(figure, summary.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        AssertQuiet(window);
    }

    [Fact]
    public async Task Spending_IsDrawnPerDay()
    {
        gallery.Write(Samples.Unsaved(2), Samples.Unsaved(26), Samples.Unsaved(28), Samples.Failed(4));
        await using var window = await OpenAsync();

        await Expect(window.Page.Locator("#summary svg rect")).ToHaveCountAsync(7);
        await Expect(window.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("Spending per day, at most") }))
            .ToBeVisibleAsync();
    }

    [Fact]
    public async Task AVideo_Plays_WhenItIsClicked_AndGetsControls()
    {
        gallery.Write(Samples.Saved(gallery.Folder, 2));
        await using var window = await OpenAsync();
        var video = window.Page.Locator("video");

        await video.ClickAsync();

        await window.UntilAsync("document.querySelector('video').currentTime > 0.2");
        Assert.True(
            await video.EvaluateAsync<bool>("video => video.controls && video.muted && video.loop && !video.paused"));
        AssertQuiet(window);
    }

    [Fact]
    public async Task AVideo_PlaysWhileThePointerIsOnIt_UnlessMotionIsReduced()
    {
        gallery.Write(Samples.Saved(gallery.Folder, 2));
        await using var window = await OpenAsync();
        await window.Page.Locator("video").HoverAsync();
        await window.UntilAsync("document.querySelector('video').currentTime > 0.2");
        await window.Page.Locator("#search").HoverAsync();
        await window.UntilAsync("document.querySelector('video').paused");

        await using var still = await OpenAsync(reducedMotion: true);
        await still.Page.Locator("video").HoverAsync();
        Assert.True(await still.Page.Locator("video").EvaluateAsync<bool>("video => video.paused"));
    }

    [Fact]
    public async Task APageThatWasMovedWithItsFolder_StillPlays()
    {
        gallery.Write(Samples.Saved(gallery.Folder, 2));
        var moved = gallery.Folder["moved here"];
        Directory.CreateDirectory(moved);
        File.Move(gallery.Path, Path.Combine(moved, "gallery.html"));
        Directory.Move(gallery.Folder["clips"], Path.Combine(moved, "clips"));
        await using var window = await browser.OpenAsync();
        await window.Page.GotoAsync(new Uri(Path.Combine(moved, "gallery.html")).AbsoluteUri);

        await window.Page.Locator("video").ClickAsync();

        await window.UntilAsync("document.querySelector('video').currentTime > 0");
        AssertQuiet(window);
    }

    [Fact]
    public async Task AFileThatIsGone_IsNamedInTheCard()
    {
        var task = Samples.Saved(gallery.Folder, 2);
        gallery.Write(task);
        File.Delete(task.SavedPath!);
        await using var window = await OpenAsync();

        await Expect(window.Page.GetByText("The file is not there, or cannot be played.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task AThousandClips_AreWrittenWithinASecond_AndTheFirstKeyIsAnsweredWithinASecond()
    {
        var tasks = Enumerable.Range(1, 1000)
            .Select(number => number % 5 == 0 ? Samples.Failed(number) : Samples.Saved(gallery.Folder, number))
            .ToList();
        foreach (var task in tasks.Where(task => task.SavedPath is not null))
            Samples.WriteSidecar(task);
        gallery.Write(tasks[0]);
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(1000, gallery.Write(tasks));
        var written = Stopwatch.GetElapsedTime(begun);

        await using var window = await browser.OpenAsync();
        await window.Page.AddInitScriptAsync(
            "document.addEventListener('focusin', event => window.answered ??= performance.now())");
        await window.Page.GotoAsync(gallery.Address, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await window.Page.Keyboard.PressAsync("/");
        await Expect(window.Page.Locator("#search")).ToBeFocusedAsync();
        var answered = await window.Page.EvaluateAsync<double>("window.answered");
        await Expect(Cards(window)).ToHaveCountAsync(1000);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"written in {written.TotalMilliseconds:0} ms, first key answered after {answered:0} ms");
        Assert.True(written < TimeSpan.FromSeconds(1), $"Writing took {written.TotalMilliseconds:0} ms.");
        Assert.True(answered < 1000, $"The first key was answered after {answered:0} ms.");
        await Expect(window.Page.Locator("#summary")).ToContainTextAsync("1,000");
        AssertQuiet(window);
    }

    [Fact]
    public async Task OnlyVideosInView_AreLoaded()
    {
        gallery.Write(Enumerable.Range(1, 200).Select(number => Samples.Saved(gallery.Folder, number)));
        await using var window = await OpenAsync();
        await Expect(Cards(window)).ToHaveCountAsync(200);
        Assert.InRange(await LoadedAsync(), 1, 30);

        await window.Page.Keyboard.PressAsync("End");
        await window.UntilAsync("document.querySelector('.card:last-child video').hasAttribute('src')");
        await window.UntilAsync("!document.querySelector('.card:first-child video').hasAttribute('src')");
        Assert.InRange(await LoadedAsync(), 1, 30);

        Task<int> LoadedAsync() => window.Page.Locator("video[src]").CountAsync();
    }

    private static ILocator Cards(Window window) => window.Page.Locator("#grid > .card");

    private async Task<Window> OpenAsync(bool reducedMotion = false)
    {
        var window = await browser.OpenAsync(reducedMotion: reducedMotion);
        await window.Page.GotoAsync(gallery.Address);
        return window;
    }

    private static void AssertQuiet(Window window)
    {
        Assert.Empty(window.Problems);
        Assert.All(window.Requests, address => Assert.Matches("^file:.*(gallery\\.html|\\.mp4)$", address));
    }
}
