using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OmniTools.Gallery.Tests;

/// <summary>Finding a clip among many: search, filters, order, keys.</summary>
public sealed class KeyboardAndFilterTests(Browser browser) : IAsyncDisposable
{
    private readonly GalleryFixture gallery = new();

    public ValueTask DisposeAsync() => gallery.DisposeAsync();

    [Fact]
    public async Task TheSearch_FindsPromptsIdsAndFiles_AndTheSummaryFollows()
    {
        await using var window = await OpenAsync();

        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("FOX snow");
        await Expect(Cards(window)).ToHaveCountAsync(2);
        await Expect(window.Page.Locator("#summary")).ToContainTextAsync("2clips");
        foreach (var (text, count) in new[] { ("task_0003", 1), ("clip 3#", 1), ("content policy", 1),
            ("nothing like it", 0) })
        {
            await window.Page.Locator("#search").FillAsync(text);
            await Expect(Cards(window)).ToHaveCountAsync(count);
        }
        await Expect(window.Page.GetByText("No clip matches.")).ToBeVisibleAsync();
        Assert.Empty(window.Problems);
    }

    [Fact]
    public async Task Filters_OfferWhatThereIs_AndCombine()
    {
        await using var window = await OpenAsync();

        await Expect(window.Page.Locator("#batch")).ToBeHiddenAsync();
        Assert.Equal(["All statuses", "Failed", "Saved", "Not saved"],
            await window.Page.Locator("#status option").AllInnerTextsAsync());
        await window.Page.Locator("#provider").SelectOptionAsync("apimart");
        await Expect(Cards(window)).ToHaveCountAsync(4);
        await window.Page.Locator("#status").SelectOptionAsync("saved");
        await Expect(Cards(window)).ToHaveCountAsync(2);
        await window.Page.Locator("#model").SelectOptionAsync("gemini_omni_flash");
        await Expect(Cards(window)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Batches_AreAFilter_WhereThereAreSome()
    {
        gallery.Write(Enumerable.Range(0, 4).Select(i => Samples.Unsaved(i) with { Batch = i < 3 ? "night" : "day" }));
        await using var window = await browser.OpenAsync();
        await window.Page.GotoAsync(gallery.Address);

        Assert.Equal(["All batches", "day", "night"], await window.Page.Locator("#batch option").AllInnerTextsAsync());
        await window.Page.Locator("#batch").SelectOptionAsync("night");
        await Expect(Cards(window)).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task TheOrder_IsNewestFirst_OrByCost_OrByPrompt()
    {
        await using var window = await OpenAsync();

        Assert.Contains("take 1", await FirstAsync(), StringComparison.Ordinal);
        await window.Page.Locator("#order").SelectOptionAsync("cost");
        await Expect(Cards(window).First).ToContainTextAsync("16 credits");
        await window.Page.Locator("#order").SelectOptionAsync("prompt");
        await Expect(Cards(window).First).ToContainTextAsync("A fox asleep");

        Task<string> FirstAsync() => Cards(window).First.InnerTextAsync();
    }

    [Fact]
    public async Task ArrowKeys_SelectCards_AndSpacePlaysTheSelectedOne()
    {
        await using var window = await OpenAsync();
        var columns = await window.Page.EvaluateAsync<int>(
            "getComputedStyle(document.getElementById('grid')).gridTemplateColumns.split(' ').length");
        Assert.InRange(columns, 2, 5);

        await KeysAsync(window, ("ArrowRight", 0), ("ArrowRight", 1), ("ArrowDown", 1 + columns), ("ArrowUp", 1),
            ("ArrowLeft", 0), ("ArrowLeft", 0), ("End", 7), ("Home", 0));
        await window.Page.Keyboard.PressAsync(" ");
        await window.UntilAsync("document.querySelector('.card video').currentTime > 0.1");
        await window.Page.Keyboard.PressAsync(" ");
        await window.UntilAsync("document.querySelector('.card video').paused");
        Assert.Empty(window.Problems);
    }

    [Fact]
    public async Task Enter_ShowsAllOfALongPrompt()
    {
        gallery.Write(Samples.Saved(gallery.Folder, 2, string.Join(' ', Enumerable.Repeat("a fox in the snow", 40))));
        await using var window = await browser.OpenAsync();
        await window.Page.GotoAsync(gallery.Address);
        const string isCut =
            "(prompt => prompt.scrollHeight > prompt.clientHeight + 1)(document.querySelector('.prompt'))";
        Assert.True(await window.Page.EvaluateAsync<bool>(isCut));

        await window.Page.Keyboard.PressAsync("ArrowRight");
        await window.Page.Keyboard.PressAsync("Enter");

        Assert.False(await window.Page.EvaluateAsync<bool>(isCut));
    }

    [Fact]
    public async Task Tab_StopsAtOneCard_AndEscapeLeavesTheSearch()
    {
        await using var window = await OpenAsync();

        Assert.Equal(1, await window.Page.Locator(".card[tabindex='0']").CountAsync());
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("a/b");
        await Expect(window.Page.Locator("#search")).ToHaveValueAsync("a/b");
        await window.Page.Locator("#search").FillAsync("fox");
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(Cards(window).First).ToBeFocusedAsync();
    }

    [Fact]
    public async Task EveryControlAndVideo_HasANameForScreenReaders()
    {
        await using var window = await OpenAsync();

        var nameless = await window.Page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('button, input, select, video, [role=img], [role=list], article, progress')]
              .filter(each => !(each.getAttribute('aria-label') || each.textContent.trim())).map(each => each.outerHTML)
            """);
        Assert.Empty(nameless);
        await Expect(window.Page.GetByRole(AriaRole.List, new() { Name = "Clips" }).GetByRole(AriaRole.Listitem))
            .ToHaveCountAsync(8);
    }

    private static async Task KeysAsync(Window window, params (string Key, int Card)[] steps)
    {
        foreach (var (key, card) in steps)
        {
            await window.Page.Keyboard.PressAsync(key);
            await Expect(Cards(window).Nth(card)).ToBeFocusedAsync();
        }
    }

    private static ILocator Cards(Window window) => window.Page.Locator("#grid > .card");

    private async Task<Window> OpenAsync()
    {
        gallery.Write(Enumerable.Range(1, 6)
            .Select(number => number == 2 ? Samples.Failed(2) : Samples.Saved(gallery.Folder, number))
            .Append(Samples.Saved(gallery.Folder, 7, "A fox asleep in the snow")).Append(Samples.Unsaved(8)));
        var window = await browser.OpenAsync();
        await window.Page.GotoAsync(gallery.Address);
        return window;
    }
}
