using Microsoft.Playwright;

namespace OmniTools.Gallery.Tests;

/// <summary>One window of the browser. It records console errors, script errors, dialogs and every request.</summary>
public sealed class Window : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly IBrowserContext context;
    private readonly List<string> problems = [];
    private readonly List<string> requests = [];

    private Window(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>What went wrong.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>The addresses that were requested, in order.</summary>
    public IReadOnlyList<string> Requests => requests;

    public static async Task<Window> OpenAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        var window = new Window(context, await context.NewPageAsync());
        context.SetDefaultTimeout((float)Limit.TotalMilliseconds);
        window.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                window.problems.Add(message.Text);
        };
        window.Page.PageError += (_, error) => window.problems.Add(error);
        window.Page.Dialog += (_, dialog) =>
        {
            window.problems.Add("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
        context.Request += (_, request) => window.requests.Add(request.Url);
        return window;
    }

    /// <summary>
    /// Waits until an expression holds in the page. Its policy forbids what Playwright's own wait does: evaluating a
    /// text there.
    /// </summary>
    public Task UntilAsync(string expression) => Page.EvaluateAsync(
        $"new Promise(done => {{ const look = () => {expression} ? done() : requestAnimationFrame(look); look(); }})")
        .WaitAsync(Limit);

    /// <summary>Leaves a picture of the window, or of all of the page, below <c>artifacts/gallery</c>.</summary>
    public Task PictureAsync(string name, bool isComplete = false) => Page.ScreenshotAsync(new()
    {
        Path = System.IO.Path.Combine(Repository.Root, "artifacts", "gallery", name + ".png"),
        FullPage = isComplete,
    });

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
