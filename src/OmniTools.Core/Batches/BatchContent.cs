using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Batches;

/// <summary>Finds out whether a key was used for a row with other cells.</summary>
internal static class BatchContent
{
    /// <summary>What is wrong, with both contents; null when the request is what the row asks for.</summary>
    public static string? FindDifference(BatchItem item, RequestRecord known)
    {
        if (item.Request is not { } request)
            return null;
        var isSame = known.Sent?.RowHash is { } hash ? hash == item.Hash : IsSame(request, known);
        if (isSame)
            return null;
        var was = known.State == LedgerState.Rejected ? "was submitted" : "was bought";
        return $"'{ProviderText.Clean(item.BaseKey)}' {was} for {Describe(known.Task)}, and the row asks for {Describe(request)}: "
            + "give the row a new key, or write its cells as they were";
    }

    // Bought by another command: what the row gives has to be what was asked for; what it leaves out may have been a default.
    private static bool IsSame(VideoRequest row, RequestRecord known)
    {
        var (task, sent) = (known.Task, known.Sent?.Request);
        return Same(row.Prompt ?? "", task.Prompt) && Same(row.Provider, task.Provider) && Same(row.Model, task.Model)
            && Same(row.AspectRatio, task.AspectRatio) && Same(row.Resolution, task.Resolution)
            && (row.Duration is null || row.Duration == task.Duration)
            && (sent is null || (row.Images.Count == sent.Images.Count && row.Videos.Count == sent.Videos.Count && Same(row.ExtendFrom ?? "", sent.ExtendFrom)));
    }

    private static bool Same(string? given, string? known) =>
        given is null || string.Equals(given.Trim(), known?.Trim() ?? "", StringComparison.OrdinalIgnoreCase);

    private static string Describe(VideoTask task) => Describe(task.Prompt, task.AspectRatio, task.Duration, task.Resolution);

    private static string Describe(VideoRequest request) =>
        Describe(request.Prompt, request.AspectRatio, request.Duration, request.Resolution);

    private static string Describe(string? prompt, string? ratio, int? duration, string? resolution)
    {
        var shown = ProviderText.Clean(prompt) ?? "no prompt";
        shown = shown.Length > 80 ? shown[..80] + "…" : shown;
        var others = new[] { ratio, duration is { } seconds ? FormattableString.Invariant($"{seconds} s") : null, resolution }.OfType<string>();
        return string.Join(", ", others.Prepend($"'{shown}'"));
    }
}
