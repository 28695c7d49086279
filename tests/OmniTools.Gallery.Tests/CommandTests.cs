using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using OmniTools.VideoTasks;

namespace OmniTools.Gallery.Tests;

/// <summary>The commands that a card copies, read back by PowerShell's own parser.</summary>
public sealed class CommandTests(Browser browser) : IAsyncDisposable
{
    private const string Collect =
        "window.copied = []; navigator.clipboard.writeText = async text => { window.copied.push(text); };";

    // Reads lines of JSON strings; writes what each is a call of, with its constant arguments, or the parser's errors.
    private const string Parse = """
        using namespace System.Management.Automation.Language
        [Console]::InputEncoding = [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
        foreach ($line in [Console]::In.ReadToEnd() -split "`n" | Where-Object Length) {
            $errors = $null
            $tree = [Parser]::ParseInput(($line | ConvertFrom-Json), [ref] $null, [ref] $errors)
            $statements = $tree.EndBlock.Statements
            $commands = $tree.FindAll({ $args[0] -is [CommandAst] }, $true)
            $parts = $commands[0].CommandElements | ForEach-Object {
                if ($_ -is [CommandParameterAst]) { '-' + $_.ParameterName }
                elseif ($_ -is [ArrayLiteralAst]) { $_.Elements.SafeGetValue() -join '|' }
                else { "$($_.SafeGetValue())" }
            }
            ConvertTo-Json -Compress -EscapeHandling EscapeNonAscii @{
                count = @($statements).Count * $commands.Count
                errors = @($errors | ForEach-Object Message)
                parts = @($parts)
            }
        }
        """;

    private readonly GalleryFixture gallery = new();

    public ValueTask DisposeAsync() => gallery.DisposeAsync();

    [Fact]
    public async Task MakeAgain_IsOneCommandWithTheSameArguments_WhateverThePromptIs()
    {
        string[] prompts =
        [
            "a fox", "it's ‘quoted’ “twice” \"$env:HOME\" `$(Remove-Item x)`", "'; Remove-Item x; '",
                "\"; Remove-Item x; $(1+1) #", "-WhatIf", "@file",
            .. AttackTests.Prompts.Select(row => row.Data),
        ];
        var tasks = prompts.Select(
            (prompt, i) => Samples.Failed(2) with
            {
                RequestKey = $"key-{i:00}",
                Prompt = prompt,
                CreatedAt = Samples.Now.AddMinutes(-i),
            });

        var parsed = await ParseAsync(await CopiedAsync("Make again", tasks));

        Assert.Equal(prompts.Length, parsed.Count);
        foreach (var (prompt, command) in prompts.Zip(parsed))
        {
            Assert.Equal(1, command.GetProperty("count").GetInt32());
            Assert.Empty(command.GetProperty("errors").EnumerateArray());
            Assert.Equal(
                ["New-OmniVideo", "-Prompt", prompt, "-Provider", "apimart", "-Model", "gemini-omni-flash-preview",
                "-AspectRatio", "16:9", "-Duration", "6", "-Resolution", "720p"],
                command.GetProperty("parts").EnumerateArray().Select(part => part.GetString()!));
        }
    }

    [Fact]
    public async Task MakeAgain_KeepsTheReferences()
    {
        var clip = GalleryClip.From(Samples.Unsaved(2) with { Prompt = null },
            new(["/tmp/a b's.png", "https://x.invalid/1.png"], ["v.mp4"], "task_1"), "/");
        await File.WriteAllTextAsync(gallery.Path, GalleryPage.ForFile([clip]), TestContext.Current.CancellationToken);

        var command = Assert.Single(await ParseAsync(await CopiedAsync("Make again")));

        Assert.Equal(
            ["New-OmniVideo", "-Provider", "apimart", "-Model", "gemini-omni-flash-preview", "-AspectRatio", "16:9",
            "-Duration", "6", "-Resolution", "720p",
                "-Image", "/tmp/a b's.png|https://x.invalid/1.png", "-Video", "v.mp4", "-ExtendFrom", "task_1"],
            command.GetProperty("parts").EnumerateArray().Select(part => part.GetString()!));
    }

    [Fact]
    public async Task OtherButtons_CopyWhatIsLeftToDo_AndNothingThatCouldBuyASecondClip()
    {
        var saved = Samples.Saved(gallery.Folder, 2);
        Assert.Equal(["New-OmniVideo -ExtendFrom task_0002 -Provider apimart -Prompt "],
            await CopiedAsync("Continue", [saved, Samples.Saved(gallery.Folder, 3)]));
        Assert.Equal(["Save-OmniVideo -Id task_0004 -Provider apimart"],
            await CopiedAsync("Save", [saved, Samples.Unsaved(4)]));
        Assert.Equal(["Get-OmniVideoTask -Id shot-10 -Provider apimart"],
            await CopiedAsync("Ask", [saved, Samples.Unknown(10)]));
        Assert.Empty(await CopiedAsync("Make again", [Samples.Unknown(10), Samples.Running(8)]));
        Assert.Equal([saved.Prompt!], await CopiedAsync("Copy prompt", [saved]));
    }

    [Fact]
    public async Task CopyPrompt_ReachesTheClipboard_AlsoWhereThePageMayNotUseItsInterface()
    {
        gallery.Write(Samples.Saved(gallery.Folder, 2, "a fox, \"quoted\""));
        foreach (var script in new[] { ";",
            "navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))" })
        {
            await using var window = await browser.OpenAsync();
            await window.Page.AddInitScriptAsync(script);
            await window.Page.GotoAsync(gallery.Address);
            await window.Page.GetByText("Copy prompt").ClickAsync();
            await Assertions.Expect(window.Page.Locator("#said")).ToHaveTextAsync("Copied the prompt.");
            await window.Page.Keyboard.PressAsync("/");
            await window.Page.Keyboard.PressAsync("Control+V");
            await Assertions.Expect(window.Page.Locator("#search")).ToHaveValueAsync("a fox, \"quoted\"");
        }
    }

    private async Task<IReadOnlyList<string>> CopiedAsync(string button, params IEnumerable<VideoTask> tasks)
    {
        if (tasks.Any())
            gallery.Write(tasks);
        await using var window = await browser.OpenAsync();
        await window.Page.AddInitScriptAsync(Collect);
        await window.Page.GotoAsync(gallery.Address);
        await window.UntilAsync("document.getElementById('grid').getAttribute('aria-busy') === 'false'");
        foreach (var each in await window.Page.Locator(".actions button").GetByText(button)
            .Or(window.Page.Locator(".actions button", new() { HasText = button })).AllAsync())
            await each.ClickAsync();
        Assert.Empty(window.Problems);
        return await window.Page.EvaluateAsync<string[]>("window.copied");
    }

    private static async Task<IReadOnlyList<JsonElement>> ParseAsync(IEnumerable<string> commands)
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", Parse])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using var shell = Process.Start(start)!;
            foreach (var command in commands)
                await shell.StandardInput.WriteAsync(JsonSerializer.Serialize(command) + "\n");
            shell.StandardInput.Close();
            var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonElement.Parse(line))];
        }
        catch (Win32Exception missing)
        {
            Assert.Skip($"There is no pwsh on this machine: {missing.Message}");
            throw;
        }
    }
}
