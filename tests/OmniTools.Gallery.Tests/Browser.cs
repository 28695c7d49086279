using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(OmniTools.Gallery.Tests.Browser))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace OmniTools.Gallery.Tests;

/// <summary>The browser of this machine, started once. Without one every test that needs it is skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    private static string? Program =>
        (Environment.GetEnvironmentVariable("OMNI_TEST_BROWSER") is { Length: > 0 } named ? [named] : Places)
        .FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update",
                "--disable-sync",
            ],
        });
    }

    /// <summary>A window of its own, which keeps what goes wrong in it.</summary>
    public async Task<Window> OpenAsync(int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light,
        bool reducedMotion = false)
    {
        Assert.SkipWhen(browser is null,
            "There is no Chromium on this machine; install it, or name one in OMNI_TEST_BROWSER.");
        return await Window.OpenAsync(browser!, new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = reducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
