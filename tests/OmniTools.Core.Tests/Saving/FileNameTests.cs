using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Errors;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Saving;

/// <summary>Names: legal on every platform, inside the folder, readable.</summary>
public sealed class FileNameTests
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "omni-names");

    private static readonly string[] Pieces =
    [
        "{prompt}", "{id}", "{provider}", "{model}", "{date}", "{index}", "{key}", "{id:8}", "{ext}", "{", "}", "..",
            ".", "/", "\\", "CON", "nul", "com1.", "LPT¹", " ", "  ", "é", "日本語", "🎬", "\u202e", "\ud800",
        "a:b", "*?", "\0", "\u0001", ".mp4", ".json", ".part", "-2", "C:", "~", "$HOME", "'", "\"", "<>|",
            new('x', 300), string.Concat(Enumerable.Repeat("漢", 120)),
    ];

    [Fact]
    public void FileNameTemplate_AnyPromptAndTemplate_GivesAValidNameInsideTheFolder()
    {
        var text = Gen.OneOf(ArbMap.Default.GeneratorFor<string>().Select(each => each ?? ""),
            Gen.Elements(Pieces).ListOf().Select(string.Concat));
        var cases = from template in text
                    from prompt in text
                    from id in text
                    from videos in Gen.Choose(1, 12)
                    select (template, prompt, id, videos);
        Prop.ForAll(cases.ToArbitrary(), each => IsLegal(each.template, each.prompt, each.id, each.videos))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Theory]
    [InlineData("A cat, on a roof!", "a-cat-on-a-roof")]
    [InlineData("  ", "video")]
    [InlineData(null, "video")]
    [InlineData("Don't stop", "dont-stop")]
    [InlineData("Eine SCHÖNE Straße", "eine-schöne-straße")]
    [InlineData("猫が走る", "猫が走る")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("🎬🎬", "video")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("a fox that crosses a frozen lake at dawn again", "a-fox-that-crosses-a-frozen-lake-at-dawn")]
    [InlineData("one two three four five six seven eight nine ten eleven twelve",
        "one-two-three-four-five-six-seven-eight")]
    public void FileNameTemplate_Prompt_BecomesHyphenatedWordsCutAtAWord(string? prompt, string slug) =>
    Assert.Equal(slug, Slug.FromPrompt(prompt));

    [Theory]
    [InlineData(SaveOptions.DefaultTemplate, 1, "2026-05-20-a-cat-task_1.mp4")]
    [InlineData("{key}.mp4", 1, "k1.mp4")]
    [InlineData("{index} of {key}.{ext}", 1, "1 of k1.mp4")]
    [InlineData("COM{index}", 1, "_COM1.mp4")]
    [InlineData("{prompt}", 1, "a-cat.mp4")]
    [InlineData("{PROMPT}.{Ext}", 1, "a-cat.mp4")]
    [InlineData("a.mov", 1, "a.mov")]
    [InlineData("a.json", 1, "a.json.mp4")]
    [InlineData("{provider}/{model}/{index}", 1, "apimart/omni/1.mp4")]
    [InlineData("{provider}\\x", 1, "apimart/x.mp4")]
    [InlineData("clip", 2, "clip-1.mp4")]
    [InlineData("clip{index}.mp4", 2, "clip1.mp4")]
    [InlineData("CON.mp4", 1, "_CON.mp4")]
    [InlineData("nul .x.mp4", 1, "_nul .x.mp4")]
    [InlineData("a. . .", 1, "a.mp4")]
    public void FileNameTemplate_Tokens_AreReplaced(string template, int videos, string expected)
    {
        var name = FileNameTemplate.Expand(template, Folder, Task("a cat", "task_1", videos), 0);
        Assert.Equal(Path.Combine(Folder, expected.Replace('/', Path.DirectorySeparatorChar)), name.GetPath(1));
    }

    [Theory]
    [InlineData("{index}/a"), InlineData("{index}{index}"), InlineData("{nope}"), InlineData("{}"), InlineData("../a")]
    [InlineData("a/../b"), InlineData("/a"), InlineData("C:\\a"), InlineData("a//b"), InlineData("")]
    [InlineData("a/ .. /b"), InlineData("a/")]
    public void FileNameTemplate_Invalid_IsRefused(string template)
    {
        var refused = Assert.Throws<OmniException>(
            () => FileNameTemplate.Expand(template, Folder, Task("a cat", "task_1", 1), 0));
        Assert.Equal((OmniErrorKind.InvalidRequest, "path"), (refused.Kind, refused.Field));
        Assert.NotNull(refused.Allowed);
    }

    private static bool IsLegal(string template, string prompt, string id, int videos)
    {
        VideoName name;
        try
        {
            name = FileNameTemplate.Expand(template, Folder, Task(prompt, id, videos), videos - 1);
        }
        catch (OmniException refused) when (refused.Kind == OmniErrorKind.InvalidRequest)
        {
            return true;
        }
        var path = name.GetPath(SavingConstants.MaximumNumber);
        Assert.Equal(path, Path.GetFullPath(path));
        Assert.StartsWith(Folder + Path.DirectorySeparatorChar, path, StringComparison.Ordinal);
        Assert.True(name.Includes(path) && name.Includes(name.GetPath(1)));
        Assert.True(
            Encoding.UTF8.GetByteCount(Path.GetFileName(PartialDownloadMetadata.GetPath(path)) + ".abcdef.new") <= 255);
        Assert.All(Path.GetRelativePath(Folder, path).Split(Path.DirectorySeparatorChar), each =>
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(each), 1, 255);
            Assert.Equal(-1, each.IndexOfAny(
                [.. "<>:\"/\\|?*", .. Enumerable.Range(0, 32).Select(i => (char)i), '\u007f', '\u202e', '\ufffd']));
            Assert.False(each.EndsWith('.') || each.EndsWith(' ') || each.StartsWith(' '));
            Assert.DoesNotMatch("(?i)^(con|prn|aux|nul|(com|lpt)[0-9¹²³]) *(\\.|$)", each);
        });
        return true;
    }

    private static VideoTask Task(string prompt, string id, int videos) => new()
    {
        Id = id,
        RequestKey = "k1",
        Provider = "apimart",
        Model = "omni",
        Prompt = prompt,
        Status = VideoTaskStatus.Completed,
        CreatedAt = new(2026, 5, 20, 23, 30, 0, TimeSpan.Zero),
        Videos = [.. Enumerable.Repeat(new VideoResult { Url = "https://files.example/a.mp4" }, videos)],
    };
}
