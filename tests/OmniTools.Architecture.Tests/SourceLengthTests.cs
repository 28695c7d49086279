namespace OmniTools.Architecture.Tests;

/// <summary>Lines and files that fit on a screen.</summary>
public sealed class SourceLengthTests
{
    private const int MaximumColumns = 120;
    private const int MaximumLines = 250;

    // Folders whose lines are still longer. A folder that is done leaves the list; the list is to be empty.
    private static readonly string[] LongLines =
    [
        "src/OmniTools.Core/Catalog/", "src/OmniTools.Core/Providers/", "src/OmniTools.Core/Requests/",
        "src/OmniTools.Mcp/", "src/OmniTools.PowerShell/",
        "tests/OmniTools.Mcp.Tests/", "tests/OmniTools.PowerShell.Tests/", "tests/OmniTools.Benchmarks/",
        "tests/OmniTools.Gallery.Tests/", "docs/", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "build.ps1",
    ];

    // Files that are still longer.
    private static readonly string[] LongFiles = ["src/OmniTools.PowerShell/Pipeline/OmniCmdlet.cs"];

    // Files that hold recorded output, which a line break would change.
    private static readonly string[] RecordedOutput = ["Mistakes.md", "WrongLists.md"];

    [Fact]
    public void Lines_EndBeforeColumn121()
    {
        var tooLong = from file in Repository.Files(".cs", ".md", ".ps1", ".sh")
                      where !LongLines.Any(file.StartsWith) && !RecordedOutput.Contains(Path.GetFileName(file))
                      from line in FindLongLines(file)
                      select line;
        Assert.Empty(tooLong);
    }

    [Fact]
    public void LongLines_NamesOnlyFoldersThatNeedIt() =>
        Assert.All(LongLines, folder => Assert.Contains(Repository.Files(".cs", ".md", ".ps1", ".sh"),
            file => file.StartsWith(folder, StringComparison.Ordinal) && FindLongLines(file).Any()));

    [Fact]
    public void SourceFiles_HaveAtMost250Lines() =>
        Assert.Empty(Repository.Files(".cs", ".ps1").Select(file => (file, Lines: Repository.ReadLines(file).Length))
            .Where(file => file.Lines > MaximumLines && !LongFiles.Contains(file.file)).Select(file => $"{file.file}: {file.Lines} lines"));

    private static IEnumerable<string> FindLongLines(string file)
    {
        var isCode = false;
        foreach (var (number, line) in Repository.ReadLines(file).Index())
        {
            if (Path.GetExtension(file) == ".md")
            {
                // Tables have one row on one line, and commands are copied whole.
                if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                    isCode = !isCode;
                if (isCode || line.TrimStart().StartsWith('|'))
                    continue;
            }
            // A printed response stays as it was printed.
            var isRaw = (line.Split("\"\"\"").Length - 1) % 2 == 1;
            var isInside = isCode || isRaw || line.Contains("\"\"\"", StringComparison.Ordinal);
            if (isRaw && Path.GetExtension(file) == ".cs")
                isCode = !isCode;
            if (isInside && Path.GetExtension(file) == ".cs")
                continue;
            if (line.Length > MaximumColumns)
                yield return $"{file}({number + 1}): {line.Length} columns";
        }
    }
}
