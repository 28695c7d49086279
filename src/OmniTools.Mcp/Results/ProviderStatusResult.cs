namespace OmniTools.Mcp.Results;

/// <summary>What <c>get_provider_status</c> returns.</summary>
internal sealed class ProviderStatusResult
{
    public required bool Ready { get; init; }
    public required bool IsSandbox { get; init; }
    public required string OutputRoot { get; init; }

    /// <summary>
    /// The file or server and database that record every request; null when the setting cannot be used.
    /// </summary>
    public string? Ledger { get; init; }

    public required IReadOnlyList<ProviderResult> Providers { get; init; }
    public SpendingResult? Spend { get; init; }

    /// <summary>Completed videos without a file: how many, how long, and the call that saves them.</summary>
    public IReadOnlyList<string>? Expiring { get; init; }

    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>One provider: whether it can be used, in a sentence why not, and what its models take.</summary>
internal sealed class ProviderResult
{
    public required string Id { get; init; }
    public required bool Ready { get; init; }
    public required string Summary { get; init; }
    public string? Balance { get; init; }
    public required IReadOnlyList<string> Models { get; init; }
}
