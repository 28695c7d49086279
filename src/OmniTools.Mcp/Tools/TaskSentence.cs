using System.Globalization;
using OmniTools.Errors;
using OmniTools.Mcp.Serving;
using OmniTools.Spending;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Tools;

/// <summary>Tasks in a few words: the verdict and the numbers. A provider's words are not in it.</summary>
internal static class TaskSentence
{
    private const int LeastProgress = 10;

    /// <summary>One task: where it stands, what it made or why not, what it cost.</summary>
    public static string Of(VideoTask task, TimeProvider timeProvider, string? label = null) =>
        $"{task.Reference} ({task.Provider}{(string.IsNullOrEmpty(label) ? "" : ", " + label)}): {Verdict(task, timeProvider)}";

    /// <summary>One task, the next step, then the provider's words if there are any.</summary>
    public static string WithNext(VideoTask task, TimeProvider timeProvider, string next)
    {
        var label = TaskLabels.IsOwnKey(task) ? task.RequestKey : null;
        return string.Join('\n', new[] { $"{Of(task, timeProvider, label)} Next: {next}",
            Answers.ProviderQuote.Of(task) }.OfType<string>());
    }

    /// <summary>The status, and how far.</summary>
    public static string State(VideoTask task) =>
        task.Progress is { } percent && !task.Status.IsTerminal() ? string.Create(CultureInfo.InvariantCulture, $"{task.Status.ToWireName()}, {percent}%") : task.Status.ToWireName();

    /// <summary>Seconds left, from the progress measured so far; null while that says too little.</summary>
    public static int? Left(VideoTask task, TimeProvider timeProvider)
    {
        if (task is not { Status: VideoTaskStatus.InProgress, Progress: >= LeastProgress and < 100 and var percent })
            return null;
        var elapsed = (timeProvider.GetUtcNow() - task.CreatedAt).TotalSeconds;
        return elapsed > 0 ? (int)Math.Ceiling(elapsed * (100 - percent) / percent) : null;
    }

    /// <summary>Whether and until when the videos of a completed task can be saved.</summary>
    public static string Saved(VideoTask task, DateTimeOffset now) => task switch
    {
        { IsUnsaved: false } => "saved",
        { ExpiresAt: { } end } when end <= now =>
            string.Create(CultureInfo.InvariantCulture, $"not saved, the URL expired {end:yyyy-MM-dd HH:mm}Z"),
        { ExpiresAt: { } end } => string.Create(CultureInfo.InvariantCulture,
            $"not saved, the URL works until {end:yyyy-MM-dd HH:mm}Z"),
        _ => "not saved, the URL expires, typically after 24 hours",
    };

    /// <summary>What a clip that failed means for money and for its request key.</summary>
    public static string Failed(VideoTask task)
    {
        var what = task switch
        {
            { Id: null } => "failed: it was not accepted.",
            { Error.Kind: OmniErrorKind.NoVideo } => $"failed. {task.Error.Message.TrimEnd('.')}.",
            _ => "failed.",
        };
        return $"{what} Billed: {BillingText.Billed(task.Charged)}. {(task.Id is null && task.Charged == Charged.No ? BillingText.UnchangedRequest : BillingText.AnotherClip)}";
    }

    private static string Verdict(VideoTask task, TimeProvider timeProvider) => task.Status switch
    {
        VideoTaskStatus.Completed => $"completed, {Saved(task, timeProvider.GetUtcNow())}{(!task.IsUnsaved && task.SavedPath is { } path ? ": " + path : "")}.{Cost(task)}",
        VideoTaskStatus.Failed => Failed(task),
        VideoTaskStatus.Cancelled => $"cancelled at the provider. Billed: {BillingText.Billed(task.Charged)}. {BillingText.AnotherClip}",
        VideoTaskStatus.Unknown => "unknown: it was sent and no answer was recorded. Billed: unknown.",
        VideoTaskStatus.Submitting => "submitting: the provider has not answered yet.",
        _ => $"{State(task)}.{(Left(task, timeProvider) is { } left ? string.Create(CultureInfo.InvariantCulture, $" About {left} s left.") : "")}",
    };

    private static string Cost(VideoTask task) => task switch
    {
        { IsSandbox: true } => "",
        { Credits: { } credits } => $" Cost: {Money.FormatCredits(credits)}.",
        { Cost: { } dollars } => string.Create(CultureInfo.InvariantCulture, $" Cost: ${dollars:0.00}."),
        _ => "",
    };
}
