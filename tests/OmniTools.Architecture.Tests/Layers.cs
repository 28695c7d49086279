using System.Reflection;

namespace OmniTools.Architecture.Tests;

/// <summary>
/// The namespaces of an assembly and those that each may use. Every namespace may use the root and itself.
/// </summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Root">The root namespace.</param>
/// <param name="Allowed">The allowed edges, by names relative to the root.</param>
internal sealed record Layers(Assembly Assembly, string Root, IReadOnlyDictionary<string, string[]> Allowed)
{
    /// <summary>The types of each namespace below the root.</summary>
    private ILookup<string, Type> Types { get; } = Assembly.GetTypes()
        .Where(type => !type.IsNested && type.Namespace?.StartsWith(Root + ".", StringComparison.Ordinal) == true)
        .ToLookup(type => type.Namespace![(Root.Length + 1)..]);

    public void AssertEveryNamespaceIsListed() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal),
        Types.Select(group => group.Key).Order(StringComparer.Ordinal));

    /// <summary>Fails on an edge that is not allowed, nested namespaces included.</summary>
    public void AssertEdges(string name)
    {
        var forbidden = Types.Where(group => group.Key != name && !Allowed[name].Contains(group.Key))
            .SelectMany(group => group).Select(type => type.FullName!).ToArray();
        var result = NetArchTest.Rules.Types.InAssembly(Assembly)
            .That().ResideInNamespaceMatching($"^{Root}.{name}$".Replace(".", "\\.", StringComparison.Ordinal))
            .ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful,
            $"{Root}.{name} may use {string.Join(", ", Allowed[name].DefaultIfEmpty("nothing"))}. "
            + $"These types use more: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    /// <summary>Fails if the allowed edges form a circle.</summary>
    public void AssertNoCircle()
    {
        var left = Allowed.ToDictionary(pair => pair.Key, pair => pair.Value.ToHashSet());
        while (left.Where(pair => pair.Value.Count == 0).Select(pair => pair.Key).ToList() is { Count: > 0 } done)
        {
            foreach (var name in done)
                left.Remove(name);
            foreach (var edges in left.Values)
                edges.ExceptWith(done);
        }
        Assert.Empty(left.Keys);
    }
}
