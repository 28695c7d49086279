using System.Collections.Concurrent;
using System.Text.Json;
using OmniTools.Configuration;

namespace OmniTools.Catalog;

/// <summary>
/// The providers and their models: data, read once from the built-in files, and from the user's where there is one.
/// </summary>
public static class ModelCatalog
{
    private static readonly Lazy<ProviderCatalog> ReadBuiltIn =
        new(() => new([.. from name in ProviderVariables.ProviderIds from spec in Read(name) select spec]));

    private static readonly ConcurrentDictionary<string, (DateTime Changed, long Length,
        ProviderCatalog Catalog)> UserFiles = new();

    /// <summary>The catalog that is built in.</summary>
    public static ProviderCatalog BuiltIn => ReadBuiltIn.Value;

    /// <summary>All providers, with the built-in models.</summary>
    public static IReadOnlyList<ProviderSpec> Providers => BuiltIn.Providers;

    /// <summary>The provider of this id, in any case; refused when there is none.</summary>
    public static ProviderSpec Provider(string id) => BuiltIn.GetProvider(id);

    /// <summary>
    /// The built-in catalog with the models of a user's file. The file is read again when it changes. A mistake in it
    /// is in <see cref="ProviderCatalog.Problem"/>, and none of its models is used.
    /// </summary>
    internal static ProviderCatalog WithUserFile(string path, bool isOptional)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return isOptional
                ? BuiltIn
                : BuiltIn with { Problem = UserCatalog.Unreadable(path, "there is no such file") };
        if (UserFiles.TryGetValue(file.FullName, out var known) && known.Changed == file.LastWriteTimeUtc
            && known.Length == file.Length)
            return known.Catalog;
        var catalog = UserCatalog.Read(file.FullName);
        UserFiles[file.FullName] = (file.LastWriteTimeUtc, file.Length, catalog);
        return catalog;
    }

    private static IReadOnlyList<ProviderSpec> Read(string name)
    {
        using var stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream($"catalog/{name}.json")!;
        return JsonSerializer.Deserialize(stream, CatalogJson.Default.CatalogFile)!.Providers;
    }
}
