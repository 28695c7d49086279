namespace OmniTools.Mcp.Results;

/// <summary>What <c>get_provider_status</c> returns.</summary>
/// <param name="Ready">Whether clips can be bought.</param>
/// <param name="IsSandbox">Whether the sandbox answers.</param>
/// <param name="OutputRoot">The folder of the videos.</param>
/// <param name="Ledger">The file, or server and database, of the ledger; null if the setting cannot be used.</param>
/// <param name="Providers">The providers.</param>
/// <param name="Spend">What was bought today; null if the ledger cannot be read.</param>
/// <param name="Expiring">Completed videos without a file: how many, how long, and the call that saves them.</param>
/// <param name="Notes">Warnings and other notes.</param>
internal sealed record ProviderStatusResult(
    bool Ready, bool IsSandbox, string OutputRoot, string? Ledger, IReadOnlyList<ProviderResult> Providers,
    SpendingResult? Spend, IReadOnlyList<string>? Expiring, IReadOnlyList<string>? Notes);

/// <summary>One provider: whether it can be used, in a sentence why not, and what its models take.</summary>
internal sealed record ProviderResult(
    string Id, bool Ready, string Summary, string? Balance, IReadOnlyList<string> Models);
