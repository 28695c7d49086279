using OmniTools.PowerShell.Commands;

namespace OmniTools.Architecture.Tests;

/// <summary>The allowed edges between the namespaces of the MCP server and of the PowerShell module.</summary>
public sealed class McpLayersTests
{
    private static readonly Layers Mcp = new(
        System.Reflection.Assembly.Load("OmniTools.Mcp"),
        "OmniTools.Mcp",
        new Dictionary<string, string[]>
        {
            ["Commands"] = ["Hosting", "Protocol", "Results", "Session", "Status"],
            ["Hosting"] =
                ["Apps", "Prompts", "Protocol", "Protocol.Parameters", "Resources", "Session",
                "TaskExtension", "Tools"],
            ["Tools"] = ["Protocol", "Protocol.Parameters", "Results", "Session", "Status"],
            ["Resources"] = ["Apps", "Protocol", "Results", "Session", "Status"],
            ["Prompts"] = [],
            ["TaskExtension"] = ["Protocol", "Session"],
            ["Apps"] = ["Protocol"],
            ["Status"] = ["Protocol", "Results", "Session"],
            ["Protocol"] = ["Protocol.Parameters", "Results", "Session"],
            ["Protocol.Parameters"] = ["Results"],
            ["Results"] = [],
            ["Session"] = [],
        });

    private static readonly Layers PowerShell = new(
        typeof(NewOmniVideoCommand).Assembly,
        "OmniTools.PowerShell",
        new Dictionary<string, string[]>
        {
            ["Commands"] = ["Binding", "Completion", "Pipeline", "Progress", "Session"],
            ["Completion"] = ["Session"],
            ["Pipeline"] = ["Progress", "Session"],
            ["Binding"] = [],
            ["Progress"] = [],
            ["Session"] = [],
        });

    public static TheoryData<string> McpNamespaces => [.. Mcp.Allowed.Keys];

    public static TheoryData<string> PowerShellNamespaces => [.. PowerShell.Allowed.Keys];

    [Theory]
    [MemberData(nameof(McpNamespaces))]
    public void McpNamespace_UsesOnlyAllowedNamespaces(string name) => Mcp.AssertEdges(name);

    [Theory]
    [MemberData(nameof(PowerShellNamespaces))]
    public void PowerShellNamespace_UsesOnlyAllowedNamespaces(string name) => PowerShell.AssertEdges(name);

    [Fact]
    public void AllowedEdges_ListEveryNamespace_AndFormNoCircle()
    {
        foreach (var layers in new[] { Mcp, PowerShell })
        {
            layers.AssertEveryNamespaceIsListed();
            layers.AssertNoCircle();
        }
    }

    [Fact]
    public void AssertEdges_WithAnEdgeThatIsNotAllowed_Fails()
    {
        var strict = Mcp with
        {
            Allowed = new Dictionary<string, string[]>(Mcp.Allowed) { ["Protocol"] = ["Results", "Session"] },
        };

        Assert.ThrowsAny<Exception>(() => strict.AssertEdges("Protocol"));
    }
}
