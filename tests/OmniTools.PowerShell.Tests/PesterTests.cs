using System.Text.RegularExpressions;

namespace OmniTools.PowerShell.Tests;

/// <summary>
/// A row for every Pester test, so that each is counted, also where it cannot run. Cmdlet behaviour is proved nowhere
/// else: only a real engine runs cmdlets.
/// </summary>
public sealed partial class PesterTests
{
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (
            var file in Directory.EnumerateFiles(Repository.PesterFolder, "*.Tests.ps1").Order(StringComparer.Ordinal))
        {
            foreach (Match test in TestName().Matches(File.ReadAllText(file)))
                rows.Add(Path.GetFileName(file), test.Groups["name"].Value);
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task PesterTest_Passes(string file, string test)
    {
        var run = await PesterRun.OfAsync(file);
        if (run.Unavailable is { } reason)
            Assert.Skip(reason);
        Assert.True(
            run.Outcomes.TryGetValue(test, out var outcome), $"{file} brought no result for '{test}'.\n{run.Log}");
        if (outcome!.Result == "Skipped")
            Assert.Skip($"Pester skipped it on this platform.");
        Assert.True(outcome.Result == "Passed", outcome.Error);
    }

    [Fact]
    public void NamesOfPesterTests_AreUnique()
    {
        var names = Rows().Select(row => row.Data.Item2).ToList();
        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct().Count(), names.Count);
    }

    [GeneratedRegex(@"^\s*It '(?<name>[^'\r\n]+)'", RegexOptions.Multiline)]
    private static partial Regex TestName();
}
