using System.Reflection;
using System.Runtime.Loader;
using OmniTools.Configuration;
using OmniTools.Ledger;

namespace OmniTools.PowerShell.Session;

/// <summary>
/// Opens the ledger with the database drivers in a load context of their own, so that they never meet other versions of
/// the same packages in the session. Loaded when the ledger is first used, once in a process: two copies of SQLite on
/// one file would release each other's locks.
/// </summary>
internal static class LedgerLoader
{
    private static readonly Lazy<Func<OmniSettings, TimeProvider, ILedgerStore>> Opener = new(Load);

    public static ILedgerStore Open(OmniSettings settings, TimeProvider timeProvider) =>
        Opener.Value(settings, timeProvider);

    private static Func<OmniSettings, TimeProvider, ILedgerStore> Load()
    {
        var path = Path.Combine(Path.GetDirectoryName(typeof(LedgerLoader).Assembly.Location)!, "storage",
            "OmniTools.Storage.dll");
        try
        {
            return new StorageContext(path).LoadFromAssemblyPath(path)
                .GetType("OmniTools.Storage.LedgerStores", throwOnError: true)!.GetMethod("Open")!
                .CreateDelegate<Func<OmniSettings, TimeProvider, ILedgerStore>>();
        }
        catch (Exception failure)
            when (failure is IOException or BadImageFormatException or TypeLoadException or InvalidOperationException)
        {
            throw new OmniException(
                OmniErrorKind.LedgerUnavailable,
                "The module is not complete: its database drivers cannot be loaded", new()
                {
                    Charged = Charged.No, // Nothing was sent.
                    Received = path,
                    NextStep = "Install the module again",
                }, failure);
        }
    }

    /// <summary>Shares only Core, and what comes with .NET, with the session.</summary>
    private sealed class StorageContext(string path) : AssemblyLoadContext("OmniTools.Storage")
    {
        private readonly AssemblyDependencyResolver resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(OmniClient).Assembly.GetName().Name
            ? typeof(OmniClient).Assembly
            : resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
    }
}
