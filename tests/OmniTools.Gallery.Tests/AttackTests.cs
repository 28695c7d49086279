using System.Text.Json;
using OmniTools.Errors;
using static Microsoft.Playwright.Assertions;

namespace OmniTools.Gallery.Tests;

/// <summary>Prompts, ids, names and reasons that try to become more than text.</summary>
public sealed class AttackTests(Browser browser) : IAsyncDisposable
{
    private readonly GalleryFixture gallery = new();

    public static TheoryData<string> Prompts =>
    [
        "</script><script>window.hacked = 1; alert(1)</script>",
        "<!-- <script> --> ]]> <!--<script>",
        "<img src=x onerror=\"window.hacked = 1\"><svg onload=window.hacked=1>",
        "\" onmouseover=\"window.hacked=1\" x=\"' onfocus='window.hacked=1' autofocus '",
        "{{clips}} {{script}} {{policy}} ${window.hacked=1} `${window.hacked=1}`",
        "javascript:window.hacked=1",
        "\u202Egnp.exe\u202C \u2066reversed\u2069 \u200Fright to left\u200E",
        "\u001b[31mred\u001b]0;title\u0007 \0 \u0085 \u2028 \u2029 \u001b[201~\nRemove-Item x\n",
        "__proto__ constructor \\u003c/script\\u003e \\\" \\",
        new string('x', 20_000),
        string.Concat(Enumerable.Repeat("𝕏 漢字 <b>&amp;</b> ", 1_200)),
    ];

    public ValueTask DisposeAsync() => gallery.DisposeAsync();

    [Theory]
    [MemberData(nameof(Prompts))]
    public async Task AnAttackInAnyField_IsShownAsText(string attack)
    {
        gallery.Write(
            Samples.Saved(gallery.Folder, 2, attack) with { Model = attack, Provider = attack, Resolution = attack },
            Samples.Failed(4, attack) with { Id = attack, RequestKey = attack, AspectRatio = attack },
            Samples.Unsaved(6) with { RequestKey = "__proto__" });
        await using var window = await browser.OpenAsync();
        await window.Page.GotoAsync(gallery.Address);

        await Expect(window.Page.Locator("#grid > .card")).ToHaveCountAsync(3);
        Assert.Equal(JsonSerializer.Serialize(attack),
            JsonSerializer.Serialize(
            await window.Page.Locator(".card.saved .prompt").EvaluateAsync<string>("each => each.textContent")));
        Assert.Contains(attack, await window.Page.Locator(".card.failed .state")
            .EvaluateAsync<string>("each => each.textContent"), StringComparison.Ordinal);
        Assert.False(await window.Page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.Equal(2, await window.Page.Locator("script").CountAsync());
        Assert.Equal(0, await window.Page.Locator(
            "img, iframe, object, embed, [onerror], [onload], [onmouseover], [onfocus]").CountAsync());
        // The page keeps its width: nothing pushes a card out of its column.
        Assert.True(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await window.Page.Locator("#search").FillAsync(attack.Trim()[..Math.Min(attack.Trim().Length, 5)]);
        Assert.Empty(window.Problems);
        Assert.All(window.Requests, address => Assert.Matches("^file:.*(gallery\\.html|\\.mp4)$", address));
    }

    [Fact]
    public async Task ThePolicy_BlocksScriptsHandlersStylesAndRequests_WhateverGotIn()
    {
        gallery.Write(Samples.Unsaved(2));
        await using var window = await browser.OpenAsync();
        await window.Page.GotoAsync(gallery.Address);

        await window.Page.EvaluateAsync("""
            () => {
              window.blocked = [];
              document.addEventListener('securitypolicyviolation',
                event => window.blocked.push(event.effectiveDirective));
              const script = document.createElement('script');
              script.textContent = 'window.hacked = 1';
              const frame = document.createElement('iframe');
              frame.src = 'https://provider.invalid/';
              const image = document.createElement('img');
              image.src = 'https://provider.invalid/pixel.png';
              const video = document.createElement('video');
              video.src = 'https://provider.invalid/clip.mp4';
              const handler = document.createElement('p');
              handler.setAttribute('onclick', 'window.hacked = 1');
              document.body.append(script, frame, image, video, handler);
              handler.click();
              fetch('https://provider.invalid/').catch(() => { });
            }
            """);

        await window.UntilAsync("new Set(window.blocked).size >= 6");
        var blocked = await window.Page.EvaluateAsync<string[]>("[...new Set(window.blocked)].sort()");
        Assert.Equal(["connect-src", "frame-src", "img-src", "media-src", "script-src-attr", "script-src-elem"],
            blocked);
        Assert.False(await window.Page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.DoesNotContain(window.Requests,
            address => address.StartsWith("http", StringComparison.Ordinal)
            && !address.Contains("provider.invalid", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Prompts))]
    public void TheJson_NeverEndsTheScriptElement(string attack)
    {
        var page = GalleryPage.ForFile(
            [GalleryClip.From(Samples.Unsaved(2) with { Prompt = attack }, new([attack], [attack], attack), "/")]);

        Assert.Equal(2, page.Split("</script>").Length - 1);
        Assert.Equal(1, page.Split("<!doctype html>").Length - 1);
        Assert.DoesNotContain("<!--", page, StringComparison.Ordinal);
        var json = page.Split("<script type=\"application/json\" id=\"clips\">")[1].Split("</script>")[0];
        Assert.Equal(attack, JsonElement.Parse(json).GetProperty("clips")[0].GetProperty("prompt").GetString());
    }

    [Fact]
    public void AnotherFile_IsNeverOverwritten_AndOurOwnIs()
    {
        gallery.Write(Samples.Unsaved(2));
        Assert.Equal(2, gallery.Write(Samples.Unsaved(2), Samples.Unsaved(4)));
        foreach (var content in new[] { "", "<html></html>",
            new string(' ', 600) + "<meta name=\"generator\" content=\"OmniTools gallery\">" })
        {
            File.WriteAllText(gallery.Path, content);
            var refused = Assert.Throws<OmniException>(() => gallery.Write(Samples.Unsaved(2)));
            Assert.Equal(OmniErrorKind.OutputRefused, refused.Kind);
            Assert.Equal(content, File.ReadAllText(gallery.Path));
        }
        File.Delete(gallery.Path);
        Directory.CreateDirectory(gallery.Path);
        Assert.Throws<OmniException>(() => gallery.Write());
    }
}
