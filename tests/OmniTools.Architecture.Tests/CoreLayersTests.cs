namespace OmniTools.Architecture.Tests;

/// <summary>The layers of the libraries: see docs/architecture.md.</summary>
public sealed class CoreLayersTests
{
    // A test's list, not what the code happens to do: an edge that is not here needs a reason and a line in this file.
    private static readonly Layers Core = new(
        ["OmniTools.Errors", "OmniTools.Diagnostics"],
        ["OmniTools.Configuration"],
        ["OmniTools.Requests", "OmniTools.VideoTasks"],
        ["OmniTools.Catalog"],
        ["OmniTools.Http"],
        ["OmniTools.Providers"],
        ["OmniTools.Providers.ToApis", "OmniTools.Providers.ApiMart"],
        ["OmniTools.Ledger"],
        ["OmniTools.Tracking", "OmniTools.Waiting", "OmniTools.Saving", "OmniTools.Spending"],
        ["OmniTools.Submitting"],
        ["OmniTools.Batches", "OmniTools.Gallery"],
        ["OmniTools"])
    {
        // A request is checked for other providers that could serve it, which the settings choose among.
        Known = [("OmniTools.Catalog", "OmniTools")],
    };

    [Fact]
    public void Core_UsesLowerLayersOnly() => Core.Check("OmniTools.Core");

    [Fact]
    public void Storage_UsesLowerLayersOnly() => new Layers(
        ["OmniTools.Storage.Sql"],
        ["OmniTools.Storage.Sqlite", "OmniTools.Storage.Postgres"],
        ["OmniTools.Storage"])
    {
        IsOutside = name => !name.StartsWith("OmniTools.Storage", StringComparison.Ordinal),
    }.Check("OmniTools.Storage");

    [Fact]
    public void Sandbox_UsesLowerLayersOnly() => new Layers(
        ["OmniTools.Sandbox.Configuration", "OmniTools.Sandbox.Protocol"],
        ["OmniTools.Sandbox.Storage"],
        ["OmniTools.Sandbox.Downloads"],
        ["OmniTools.Sandbox.Providers"],
        ["OmniTools.Sandbox"])
    {
        IsOutside = name => !name.StartsWith("OmniTools.Sandbox", StringComparison.Ordinal),
    }.Check("OmniTools.Sandbox");

    [Fact]
    public void PowerShell_UsesLowerLayersOnly() => new Layers(
        ["OmniTools.PowerShell.Session"],
        ["OmniTools.PowerShell.Binding", "OmniTools.PowerShell.Progress"],
        ["OmniTools.PowerShell.Completion"],
        ["OmniTools.PowerShell.Pipeline"],
        ["OmniTools.PowerShell.Commands"])
    {
        IsOutside = name => !name.StartsWith("OmniTools.PowerShell", StringComparison.Ordinal)
            && !name.StartsWith("OmniTools.Storage", StringComparison.Ordinal),
    }.Check("OmniTools.PowerShell");

    [Theory]
    [InlineData("OmniTools.Core")]
    [InlineData("OmniTools.Storage")]
    [InlineData("OmniTools.Sandbox")]
    [InlineData("OmniTools.PowerShell")]
    public void Namespaces_FormNoCircle(string assembly)
    {
        var edges = NamespaceEdges.Read(assembly).Keys.ToHashSet();
        edges.ExceptWith(assembly == "OmniTools.Core" ? Core.Known : []);
        // What uses nothing that is left is no part of a circle; what remains in the end is.
        while (edges.RemoveWhere(edge => !edges.Any(next => next.From == edge.To)) > 0)
        {
        }
        Assert.Empty(edges);
    }
}
