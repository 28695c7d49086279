namespace OmniTools.Mcp.Tests;

/// <summary>Assertions about texts, which are compared character by character.</summary>
internal static class AssertText
{
    public static void Contains(string expected, string? text) =>
        Assert.Contains(expected, text, StringComparison.Ordinal);

    public static void DoesNotContain(string unexpected, string? text) =>
        Assert.DoesNotContain(unexpected, text, StringComparison.Ordinal);

    public static void StartsWith(string expected, string? text) =>
        Assert.StartsWith(expected, text, StringComparison.Ordinal);

    public static void EndsWith(string expected, string? text) =>
        Assert.EndsWith(expected, text, StringComparison.Ordinal);
}
