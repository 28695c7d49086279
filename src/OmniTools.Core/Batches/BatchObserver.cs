namespace OmniTools.Batches;

/// <summary>Receives the events of a running batch. Called on any thread, one call at a time.</summary>
public sealed record BatchObserver
{
    /// <summary>Called with each row that is settled in this run: saved, failed, invalid, or left open.</summary>
    public Action<VideoBatchRow>? Settled { get; init; }

    /// <summary>
    /// Called with a line for people: about a row that is not fine, or a condition that concerns many rows.
    /// </summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Called whenever a count changes.</summary>
    public Action<BatchProgress>? Progress { get; init; }
}

/// <summary>How far a batch is.</summary>
/// <param name="Rows">The rows of the list.</param>
/// <param name="ToSubmit">Rows that are not submitted yet, those of unknown outcome included.</param>
/// <param name="Running">Clips that are being made.</param>
/// <param name="ToDownload">Clips that are being saved.</param>
/// <param name="Saved">Rows with a file.</param>
/// <param name="Failed">Rows that have failed.</param>
/// <param name="Invalid">Rows that cannot be submitted.</param>
/// <param name="Usd">What this run has spent so far, as far as it is known.</param>
public sealed record BatchProgress(int Rows, int ToSubmit, int Running, int ToDownload, int Saved, int Failed,
    int Invalid, decimal Usd);
