namespace OmniTools.Mcp.Results;

/// <summary>Lists in results.</summary>
internal static class ListExtensions
{
    /// <summary>Null for an empty list, which a result leaves out.</summary>
    public static IReadOnlyList<T>? NullIfEmpty<T>(this IReadOnlyList<T> items) => items.Count == 0 ? null : items;
}
