using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace OmniTools.PowerShell.Tests;

/// <summary>The module folder: what is in it, and what its manifest says.</summary>
public sealed partial class ModuleTests
{
    private static string Manifest => File.ReadAllText(Path.Combine(Repository.Module, "OmniTools.psd1"));

    [Fact]
    public void ModuleFolder_HoldsItsOwnFilesOnly()
    {
        var files = Directory.EnumerateFiles(Repository.Module, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Module, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "OmniTools.Core.dll", "OmniTools.Format.ps1xml", "OmniTools.PowerShell.dll", "OmniTools.Sandbox.dll", "OmniTools.Views.psd1", "OmniTools.psd1",
                "en-US/OmniTools.PowerShell.dll-Help.xml", "en-US/about_OmniTools.help.txt",
            ],
            files);
    }

    [Fact]
    public void Assemblies_NeedOnlyEachOtherAndWhatIsInTheBox()
    {
        var box = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!.ToString()!.Split(Path.PathSeparator)
            .Where(path => path.Contains("Microsoft.NETCore.App", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var own = new[] { typeof(Commands.NewOmniVideoCommand).Assembly, typeof(OmniClient).Assembly, typeof(Sandbox.SandboxClient).Assembly };
        Assert.All(own.SelectMany(assembly => assembly.GetReferencedAssemblies()).Select(name => name.Name!).Distinct(), name =>
            Assert.True(name.StartsWith("OmniTools.", StringComparison.Ordinal) || name == "System.Management.Automation" || box.Contains(name), name));
    }

    [Fact]
    public void Manifest_ExportsTheReflectedCmdletsAndNothingElse()
    {
        var exported = Quoted().Matches(CmdletsToExport().Match(Manifest).Groups["names"].Value).Select(match => match.Groups["text"].Value);
        Assert.Equal(ReflectedCmdlet.All.Select(cmdlet => cmdlet.Name), exported.Order(StringComparer.Ordinal));
        Assert.All(["FunctionsToExport", "AliasesToExport", "VariablesToExport"], key => Assert.Matches($@"{key}\s*=\s*@\(\)", Manifest));
    }

    [Fact]
    public void Manifest_HasTheVersionOfTheAssembly()
    {
        var version = typeof(Commands.NewOmniVideoCommand).Assembly.GetName().Version!;
        Assert.Contains($"'{version.ToString(3)}'", Manifest, StringComparison.Ordinal);
    }

    [Fact]
    public void Package_TellsAGalleryWhatTheManifestTells()
    {
        var package = XDocument.Load(Path.Combine(Repository.Root, "module", "OmniTools.nuspec")).Descendants().Where(element => !element.HasElements)
            .ToLookup(element => element.Name.LocalName, element => element.Value);
        foreach (var (element, key) in new[] { ("description", "Description"), ("releaseNotes", "ReleaseNotes"), ("authors", "Author"), ("copyright", "Copyright") })
            Assert.Equal(Value().Matches(Manifest).Single(match => match.Groups["key"].Value == key).Groups["text"].Value, package[element].Single());
        Assert.Equal("MIT", package["license"].Single());
        var tags = package["tags"].Single().Split(' ');
        Assert.All(Quoted().Matches(Tags().Match(Manifest).Groups["names"].Value), tag => Assert.Contains(tag.Groups["text"].Value, tags));
        Assert.All(ReflectedCmdlet.All, cmdlet => Assert.Contains("PSCmdlet_" + cmdlet.Name, tags));
        Assert.Contains("PSModule", tags);
        Assert.True(package["tags"].Single().Length <= 4000);
    }

    [Fact]
    public void ManifestOfTheViews_HasTheVersionOfTheModule()
    {
        var version = Value().Matches(Manifest).Single(match => match.Groups["key"].Value == "ModuleVersion").Groups["text"].Value;
        var views = File.ReadAllText(Path.Combine(Repository.Module, "OmniTools.Views.psd1"));
        Assert.Equal(version, Value().Matches(views).Single(match => match.Groups["key"].Value == "ModuleVersion").Groups["text"].Value);
    }

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?<names>[^)]*)\)")]
    private static partial Regex CmdletsToExport();

    [GeneratedRegex(@"\bTags\s*=\s*@\((?<names>[^)]*)\)")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\b(?<key>\w+)\s*=\s*'(?<text>[^']*)'")]
    private static partial Regex Value();

    [GeneratedRegex("'(?<text>[^']*)'")]
    private static partial Regex Quoted();
}
