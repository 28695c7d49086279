namespace OmniTools.Architecture.Tests;

/// <summary>Lines and files that fit on a screen.</summary>
public sealed class SourceLengthTests
{
    private const int MaximumColumns = 120;
    private const int MaximumLines = 250;

    private static readonly string[] Code =
        [".cs", ".ps1", ".ps1xml", ".psd1", ".js", ".mjs", ".css", ".sql", ".csproj", ".props", ".targets"];

    [Fact]
    public void Lines_EndBeforeColumn121()
    {
        var tooLong = from file in Repository.Files([.. Code, ".md", ""])
                      where !IsRecordedOutput(file)
                      from line in FindLongLines(file)
                      select line;
        Assert.Equal("", string.Join(Environment.NewLine, tooLong));
    }

    [Fact]
    public void SourceFiles_HaveAtMost250Lines() =>
        Assert.Empty(Repository.Files(".cs", ".ps1", ".js", ".mjs", ".css", ".sql")
            .Select(file => (file, Lines: Repository.ReadLines(file).Length))
            .Where(file => file.Lines > MaximumLines)
            .Select(file => $"{file.file}: {file.Lines} lines"));

    // The Markdown files of tests are what a test printed.
    private static bool IsRecordedOutput(string file) =>
        file.StartsWith("tests/", StringComparison.Ordinal) && Path.GetExtension(file) == ".md";

    private static IEnumerable<string> FindLongLines(string file)
    {
        var isMarkdown = Path.GetExtension(file) == ".md";
        var isInside = false;
        foreach (var (index, line) in Repository.ReadLines(file).Index())
        {
            // In Markdown, commands and printed responses are copied as they are; a row of a table is one line.
            if (isMarkdown && line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isInside = !isInside;
            if (line.Length > MaximumColumns && !isInside && !(isMarkdown && line.TrimStart().StartsWith('|')))
                yield return $"{file}({index + 1}): {line.Length} columns";
        }
    }
}
