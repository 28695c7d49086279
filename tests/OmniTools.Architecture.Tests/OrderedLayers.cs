namespace OmniTools.Architecture.Tests;

/// <summary>
/// The namespaces of an assembly in layers, the lowest first. A namespace may use those of lower layers.
/// </summary>
internal sealed class OrderedLayers(params string[][] layers)
{
    /// <summary>Edges inside a layer that are allowed as well.</summary>
    public IReadOnlyCollection<(string From, string To)> AlsoAllowed { get; init; } = [];

    /// <summary>Edges that break the layers and are to be removed.</summary>
    public IReadOnlyCollection<(string From, string To)> Known { get; init; } = [];

    /// <summary>
    /// Assemblies that every namespace may use, such as OmniTools for Core: all namespaces not listed here.
    /// </summary>
    public Func<string, bool> IsOutside { get; init; } = _ => false;

    /// <summary>
    /// Fails on an edge that is not allowed, on a namespace without a layer, and on a known edge that is gone.
    /// </summary>
    public void Check(string assembly)
    {
        var edges = NamespaceEdges.Read(assembly);
        Assert.NotEmpty(edges);
        var wrong = edges.Where(edge => !IsAllowed(edge.Key) && !Known.Contains(edge.Key))
            .Select(edge => $"{edge.Key.From} → {edge.Key.To}: {edge.Value}").ToList();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.All(Known, edge => Assert.True(edges.ContainsKey(edge), $"{edge} is gone: remove it from the list."));
    }

    private bool IsAllowed((string From, string To) edge) =>
        LayerOf(edge.From) is >= 0 and var from
        && (IsOutside(edge.To) || (LayerOf(edge.To) is >= 0 and var to && to < from)
            || AlsoAllowed.Contains(edge));

    private int LayerOf(string name) => Array.FindIndex(layers, layer => layer.Contains(name));
}
