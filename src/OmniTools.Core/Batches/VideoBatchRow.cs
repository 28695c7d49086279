using OmniTools.Errors;
using OmniTools.Spending;

namespace OmniTools.Batches;

/// <summary>One row of a batch and its state.</summary>
public sealed record VideoBatchRow
{
    /// <summary>Its number in the list, from 1, without the header; 0 for a clip that the list no longer has.</summary>
    public required int Row { get; init; }

    /// <summary>Its request key.</summary>
    public required string Key { get; init; }

    /// <summary>How far it is.</summary>
    public required VideoBatchRowState State { get; init; }

    /// <summary>The file; null until there is one.</summary>
    public string? File { get; init; }

    /// <summary>The provider's id of the task; null until it is accepted.</summary>
    public string? TaskId { get; init; }

    /// <summary>The provider; null where none can be chosen.</summary>
    public string? Provider { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The length of the clip in seconds; null when the provider decides.</summary>
    public int? Seconds { get; init; }

    /// <summary>What it cost in credits (10 are $1), or is estimated to cost; null when not known.</summary>
    public decimal? Credits { get; init; }

    /// <summary>The same in US dollars.</summary>
    public decimal? Usd => Credits / Money.CreditsPerDollar;

    /// <summary>Whether it was billed.</summary>
    public Charged Charged { get; init; }

    /// <summary>Why it has no file, in one line; null when it has one, or nothing is wrong.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do about it.</summary>
    public string? NextStep { get; init; }

    /// <summary>Whether it stays open until the list, the command or a setting changes.</summary>
    internal bool NeedsChange { get; init; }

    /// <summary>The cells of its row by column, as written.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}
