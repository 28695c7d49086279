using System.Text.RegularExpressions;

namespace OmniTools.Architecture.Tests;

/// <summary>docs/architecture.md answers where things are.</summary>
public sealed partial class ArchitectureDocumentTests
{
    [Fact]
    public void ArchitectureDocument_NamesFilesThatExist()
    {
        var missing = new List<string>();
        foreach (var line in Repository.ReadLines("docs/architecture.md").Where(line => line.StartsWith('|')))
        {
            var folder = "";
            foreach (Match name in FileName().Matches(line))
            {
                // A name without a folder is a file beside the one before it.
                var path = name.Value.Contains('/') ? name.Value : Path.Combine(folder, name.Value);
                folder = Path.GetDirectoryName(path)!;
                if (!File.Exists(Path.Combine(Repository.Root, "src", "OmniTools." + path)))
                    missing.Add(path);
            }
        }
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"(?<=`)[\w/]+\.(cs|json|sql)(?=`)")]
    private static partial Regex FileName();
}
