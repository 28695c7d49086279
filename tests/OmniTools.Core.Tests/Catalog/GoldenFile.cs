using System.Runtime.CompilerServices;

namespace OmniTools.Core.Tests.Catalog;

/// <summary>A text beside the tests that people review. OMNI_UPDATE_CATALOG=1 writes it anew.</summary>
internal static class GoldenFile
{
    public static void Check(string name, string text, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, name);
        if (Environment.GetEnvironmentVariable("OMNI_UPDATE_CATALOG") == "1")
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text.ReplaceLineEndings("\n"));
    }
}
