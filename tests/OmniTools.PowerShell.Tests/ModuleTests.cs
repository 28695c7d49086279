using System.Text.RegularExpressions;
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

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?<names>[^)]*)\)")]
    private static partial Regex CmdletsToExport();

    [GeneratedRegex("'(?<text>[^']*)'")]
    private static partial Regex Quoted();
}
