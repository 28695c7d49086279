using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;

namespace OmniTools.Batches;

/// <summary>Finds out whether the key of a row was used for a request with other cells.</summary>
internal static class BatchKeyConflict
{
    /// <summary>What is wrong, with both contents; null when the request is the one of the row.</summary>
    public static string? Find(BatchItem item, RequestRecord known)
    {
        if (item.Request is not { } row
            || (known.Sent?.RowHash is { } hash ? hash == item.Hash : IsSame(row, known)))
            return null;
        var (task, was) = (known.Task, known.State == LedgerState.Rejected ? "was submitted" : "was bought");
        return $"'{ProviderText.Clean(item.BaseKey)}' {was} for "
            + $"{Describe(task.Prompt, task.AspectRatio, task.Duration, task.Resolution)}, and the row asks for "
            + $"{Describe(row.Prompt, row.AspectRatio, row.Duration, row.Resolution)}: "
            + "give the row a new key, or write its cells as they were";
    }

    // A request of another command has no hash of the row. What the row leaves empty may have been a default.
    private static bool IsSame(VideoRequest row, RequestRecord known)
    {
        var (task, sent) = (known.Task, known.Sent?.Request);
        return IsSame(row.Prompt ?? "", task.Prompt) && IsSame(row.Provider, task.Provider)
            && IsSame(row.Model, task.Model) && IsSame(row.AspectRatio, task.AspectRatio)
            && IsSame(row.Resolution, task.Resolution) && (row.Duration is null || row.Duration == task.Duration)
            && (sent is null || (row.Images.Count == sent.Images.Count && row.Videos.Count == sent.Videos.Count
                && IsSame(row.ExtendFrom ?? "", sent.ExtendFrom)));
    }

    private static bool IsSame(string? given, string? known) =>
        given is null || string.Equals(given.Trim(), known?.Trim() ?? "", StringComparison.OrdinalIgnoreCase);

    private static string Describe(string? prompt, string? ratio, int? duration, string? resolution)
    {
        var shown = ProviderText.Clean(prompt) ?? "no prompt";
        shown = shown.Length > 80 ? shown[..80] + "…" : shown;
        return string.Join(", ", new[] { $"'{shown}'", ratio, duration is null ? null : $"{duration} s", resolution }
            .OfType<string>());
    }
}
