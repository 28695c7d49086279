namespace OmniTools.Architecture.Tests;

/// <summary>Lines and files that fit on a screen.</summary>
public sealed class SourceLengthTests
{
    private const int MaximumColumns = 120;
    private const int MaximumLines = 250;

    private const string RawString = "\"\"\"";

    [Fact]
    public void Lines_EndBeforeColumn121()
    {
        var tooLong = from file in Repository.Files(".cs", ".md", ".ps1", "")
                      where !IsRecordedOutput(file)
                      from line in FindLongLines(file)
                      select line;
        Assert.Equal("", string.Join(Environment.NewLine, tooLong));
    }

    [Fact]
    public void SourceFiles_HaveAtMost250Lines() =>
        Assert.Empty(Repository.Files(".cs", ".ps1").Select(file => (file, Lines: Repository.ReadLines(file).Length))
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
            // Commands and printed responses are copied as they are; a row of a table is one line.
            var isVerbatim = isInside || (isMarkdown ? line.TrimStart().StartsWith('|') : line.Contains(RawString));
            if (isMarkdown
                ? line.TrimStart().StartsWith("```", StringComparison.Ordinal)
                : CountRawStrings(line) % 2 == 1)
                isInside = !isInside;
            if (!isVerbatim && line.Length > MaximumColumns)
                yield return $"{file}({index + 1}): {line.Length} columns";
        }
    }

    private static int CountRawStrings(string line) => line.Split(RawString).Length - 1;
}
