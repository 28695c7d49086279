using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Session;

namespace OmniTools.Mcp.Tools;

/// <summary>The result of a submission by <c>generate_video</c>.</summary>
internal static class SubmissionResult
{
    /// <param name="task">The accepted task.</param>
    /// <param name="isKnown">Whether the ledger had the task before this call.</param>
    /// <param name="session">The session.</param>
    public static CallToolResult Accepted(VideoTask task, bool isKnown, ServerSession session)
    {
        var next = SuggestedCall.ForTask(task);
        var warnings = Warnings(task, session).ToList();
        var answer = new GenerateVideoResult(task.Status.ToWireName(), task.RequestKey, next,
            VideoTaskResult.CreateAccepted(task), Warnings: warnings.NullIfEmpty());
        var verdict = isKnown
            ? "This request_key is known, nothing new was bought. "
                + TaskSummaryText.Describe(task, session.TimeProvider)
            : $"Accepted by {task.Provider}{(task.IsSandbox ? " (sandbox: nothing is billed)" : "")}: task "
                + $"{task.Reference}, {task.Status.ToWireName()}.";
        return ToolResult.Create(answer, ResultJson.Default.GenerateVideoResult,
            string.Join(' ', [verdict, .. warnings, $"Next: {next}"]));
    }

    /// <summary>The provider has not answered in time. The key is null before the ledger has recorded it.</summary>
    public static CallToolResult Submitting(string? key)
    {
        var next = key is null
            ? $"{SuggestedCall.ListTasks} to see its request_key; never submit it with another key"
            : $"{SuggestedCall.GetTask(key)} in 10 seconds; never submit it with another key";
        return ToolResult.Create(
            new(VideoTaskStatus.Submitting.ToWireName(), key ?? "", next), ResultJson.Default.GenerateVideoResult,
            $"The provider has not answered yet; the submission goes on in this server. Next: {next}");
    }

    private static IEnumerable<string> Warnings(VideoTask task, ServerSession session)
    {
        if (session.CatalogWarning is { } warning)
            yield return warning;
        if (task.Model is not { } model)
            yield break;
        // A misspelled model is sent like one that is newer than the catalog, so the caller gets a warning.
        var spec = session.Settings.Catalog.GetProvider(task.Provider);
        spec.Rules(model, out var isKnown);
        if (!isKnown)
            yield return $"The model '{ProviderText.Clean(model)}' is not in the catalog of {spec.Name}: it was sent "
                + "as it is, and only the rules common to all its models were checked.";
        if (session.Client.FindModelEnd(task) is { } end && session.TryAnnounce(end))
            yield return $"{end}";
    }
}
