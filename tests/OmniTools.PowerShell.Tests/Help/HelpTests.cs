using System.Text.RegularExpressions;
using OmniTools.Errors;

namespace OmniTools.PowerShell.Tests.Help;

/// <summary>
/// Holds the help to the cmdlets. With OMNI_UPDATE_HELP=1 the tests write what they would otherwise demand; the words
/// on the pages are kept.
/// </summary>
public sealed partial class HelpTests
{
    private static readonly string MamlFile = Path.Combine(
        Repository.Root, "module", "OmniTools", "en-US", "OmniTools.PowerShell.dll-Help.xml");

    private static IEnumerable<HelpPage> Pages => ReflectedCmdlet.All.Select(HelpPage.Read);

    [Fact]
    public void Pages_SayWhatTheCmdletsAre() =>
        Assert.All(Pages, page => Hold(HelpPage.FileOf(page.Cmdlet), page.Render()));

    [Fact]
    public void HelpFile_SaysWhatThePagesSay() => Hold(MamlFile, Maml.Of(Pages));

    [Fact]
    public void Pages_DocumentEveryParameterAndNoOther() => Assert.All(Pages, page =>
        Assert.Equal(page.Cmdlet.Parameters.Select(parameter => parameter.Name).Order(), page.Parameters.Keys.Order()));

    [Fact]
    public void Pages_HaveTwoExamplesOrMore() => Assert.All(Pages, page => Assert.True(page.Examples.Count >= 2));

    [Fact]
    public void AboutTopic_ListsTheErrorIdsThereAreAndNoOther()
    {
        var about = File.ReadAllText(Path.Combine(Repository.Module, "en-US", "about_OmniTools.help.txt"));
        var listed = ListedId().Matches(about).Select(match => match.Groups["kind"].Value);
        Assert.Equal(Enum.GetNames<OmniErrorKind>().Order(), listed.Order());
    }

    private static void Hold(string file, string text)
    {
        if (Environment.GetEnvironmentVariable("OMNI_UPDATE_HELP") == "1")
            File.WriteAllText(file, text);
        Assert.True(
            File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text,
            $"{Path.GetFileName(file)} is not what the cmdlets are; run the tests once with OMNI_UPDATE_HELP=1.");
    }

    [GeneratedRegex("^    Omni(?<kind>[A-Z][A-Za-z]+)  +[a-z]", RegexOptions.Multiline)]
    private static partial Regex ListedId();
}
