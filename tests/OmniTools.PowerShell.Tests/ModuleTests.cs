using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OmniTools.PowerShell.Tests;

/// <summary>The module folder: what is in it, and what its manifest says.</summary>
public sealed partial class ModuleTests
{
    private static string Manifest => File.ReadAllText(Path.Combine(Repository.Module, "OmniTools.psd1"));

    [Fact]
    public void ModuleFolder_HoldsItsOwnFilesOnly()
    {
        var files = Directory.EnumerateFiles(Repository.Module, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Module, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "OmniTools.Core.dll", "OmniTools.Format.ps1xml", "OmniTools.PowerShell.dll", "OmniTools.Sandbox.dll",
                "OmniTools.psd1", "en-US/OmniTools.PowerShell.dll-Help.xml", "en-US/about_OmniTools.help.txt",
                "storage/Microsoft.Data.Sqlite.dll",
                "storage/Microsoft.Extensions.DependencyInjection.Abstractions.dll",
                "storage/Microsoft.Extensions.Logging.Abstractions.dll", "storage/Npgsql.dll",
                "storage/OmniTools.Storage.deps.json", "storage/OmniTools.Storage.dll",
                "storage/SQLitePCLRaw.batteries_v2.dll", "storage/SQLitePCLRaw.core.dll",
                "storage/SQLitePCLRaw.provider.e_sqlite3.dll", "storage/System.Diagnostics.DiagnosticSource.dll",
                "storage/runtimes/linux-arm64/native/libe_sqlite3.so",
                "storage/runtimes/linux-musl-x64/native/libe_sqlite3.so",
                "storage/runtimes/linux-x64/native/libe_sqlite3.so",
                "storage/runtimes/osx-arm64/native/libe_sqlite3.dylib",
                "storage/runtimes/osx-x64/native/libe_sqlite3.dylib",
                "storage/runtimes/win-arm64/native/e_sqlite3.dll", "storage/runtimes/win-x64/native/e_sqlite3.dll",
            ],
            files);
    }

    [Fact]
    public void Assemblies_NeedOnlyEachOtherAndWhatIsInTheBox()
    {
        var box = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!.ToString()!.Split(Path.PathSeparator)
            .Where(path => path.Contains("Microsoft.NETCore.App", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var own = new[]
        {
            typeof(Commands.NewOmniVideoCommand).Assembly,
            typeof(OmniClient).Assembly,
            typeof(Sandbox.SandboxClient).Assembly,
        };
        Assert.All(
            own.SelectMany(assembly => assembly.GetReferencedAssemblies()).Select(name => name.Name!).Distinct(),
            name =>
                Assert.True(
                    name.StartsWith("OmniTools.", StringComparison.Ordinal)
                        || name == "System.Management.Automation"
                        || box.Contains(name),
                    name));
    }

    [Fact]
    public void EnumsOfWhatIsEmitted_AreLong_SoThatConvertToJsonWritesWords()
    {
        var enums =
            new[] { typeof(VideoTasks.VideoTask), typeof(VideoTasks.VideoTaskError), typeof(Errors.OmniException) }
            .SelectMany(type => type.GetProperties()).Select(property => property.PropertyType)
            .Where(type => type.IsEnum).Distinct().ToList();
        Assert.Equal(3, enums.Count);
        Assert.All(enums, type => Assert.Equal(typeof(long), Enum.GetUnderlyingType(type)));
    }

    [Fact]
    public async Task Restore_WithAnAuditSourceThatCannotBeReached_Succeeds()
    {
        using var folder = new Testing.TemporaryFolder();
        // Nothing listens on this port; the packages are those of this build.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages");
        await File.WriteAllTextAsync(folder["nuget.config"], $"""
            <configuration><packageSources><clear /><add key="local" value="{packages}" /></packageSources>
            <auditSources><clear />
            <add key="away" value="http://127.0.0.1:9/index.json" allowInsecureConnections="true" /></auditSources>
            </configuration>
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["a.csproj"], """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            <ItemGroup><PackageReference Include="xunit.v3" Version="3.2.2" /></ItemGroup></Project>
            """, TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(Repository.Root, "Directory.Build.props"), folder["Directory.Build.props"]);
        string[] arguments = ["restore", folder["a.csproj"], "-nodeReuse:false"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        using var restore = Process.Start(start)!;
        var output = await restore.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await restore.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(restore.ExitCode == 0, output);
        Assert.Contains("warning NU1900", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_ExportsTheReflectedCmdletsAndNothingElse()
    {
        var exported = Quoted().Matches(CmdletsToExport().Match(Manifest).Groups["names"].Value)
            .Select(match => match.Groups["text"].Value);
        Assert.Equal(ReflectedCmdlet.All.Select(cmdlet => cmdlet.Name), exported.Order(StringComparer.Ordinal));
        Assert.All(["FunctionsToExport", "AliasesToExport", "VariablesToExport"], key =>
            Assert.Matches($@"{key}\s*=\s*@\(\)", Manifest));
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
        var package = XDocument.Load(Path.Combine(Repository.Root, "module", "OmniTools.nuspec"))
            .Descendants().Where(element => !element.HasElements)
            .ToLookup(element => element.Name.LocalName, element => element.Value);
        foreach (
            var (element, key) in new[]
            {
                ("description", "Description"), ("releaseNotes", "ReleaseNotes"), ("authors", "Author"),
                ("copyright", "Copyright"),
            })
            Assert.Equal(
                Value().Matches(Manifest).Single(match => match.Groups["key"].Value == key).Groups["text"].Value,
                package[element].Single());
        Assert.Equal("MIT", package["license"].Single());
        var tags = package["tags"].Single().Split(' ');
        Assert.All(Quoted().Matches(Tags().Match(Manifest).Groups["names"].Value), tag =>
            Assert.Contains(tag.Groups["text"].Value, tags));
        Assert.All(ReflectedCmdlet.All, cmdlet => Assert.Contains("PSCmdlet_" + cmdlet.Name, tags));
        Assert.Contains("PSModule", tags);
        Assert.True(package["tags"].Single().Length <= 4000);
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
