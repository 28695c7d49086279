namespace OmniTools.Architecture.Tests;

/// <summary>The layers of the libraries: see docs/architecture.md.</summary>
public sealed class CoreLayersTests
{
    // A test's list, not what the code happens to do: an edge that is not here needs a reason and a line in this file.
    private static readonly OrderedLayers Core = new(
        ["OmniTools.Errors", "OmniTools.Diagnostics", "OmniTools.Files"],
        ["OmniTools.Configuration"],
        ["OmniTools.Requests", "OmniTools.VideoTasks"],
        ["OmniTools.Catalog"],
        ["OmniTools.Http"],
        ["OmniTools.Providers"],
        ["OmniTools.Providers.ToApis", "OmniTools.Providers.ApiMart"],
        ["OmniTools.Ledger"],
        ["OmniTools.Tracking", "OmniTools.Waiting", "OmniTools.Saving", "OmniTools.Spending"],
        ["OmniTools.Submitting"],
        ["OmniTools.Batches.Lists"],
        ["OmniTools.Batches", "OmniTools.Gallery"],
        ["OmniTools"]);

    [Fact]
    public void Core_UsesLowerLayersOnly() => Core.Check("OmniTools.Core");

    [Fact]
    public void Storage_UsesLowerLayersOnly() => new OrderedLayers(
        ["OmniTools.Storage.Sql"],
        ["OmniTools.Storage.Sqlite", "OmniTools.Storage.Postgres"],
        ["OmniTools.Storage"])
    {
        IsOutside = name => !name.StartsWith("OmniTools.Storage", StringComparison.Ordinal),
    }.Check("OmniTools.Storage");

    [Fact]
    public void Sandbox_UsesLowerLayersOnly() => new OrderedLayers(
        ["OmniTools.Sandbox.Configuration", "OmniTools.Sandbox.Protocol"],
        ["OmniTools.Sandbox.Storage"],
        ["OmniTools.Sandbox.Downloads"],
        ["OmniTools.Sandbox.Providers"],
        ["OmniTools.Sandbox"])
    {
        IsOutside = name => !name.StartsWith("OmniTools.Sandbox", StringComparison.Ordinal),
    }.Check("OmniTools.Sandbox");

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
