using OmniTools.Mcp.Results;
using OmniTools.Spending;

namespace OmniTools.Mcp.Protocol;

/// <summary>Describes tasks in a few words, without anything that a provider wrote.</summary>
internal static class TaskSummaryText
{
    private const int LeastProgress = 10;

    /// <summary>One task: its state, what it made or why not, and its cost.</summary>
    public static string Describe(VideoTask task, TimeProvider timeProvider, string? label = null) =>
        $"{task.Reference} ({task.Provider}{(string.IsNullOrEmpty(label) ? "" : ", " + label)}): "
            + $"{DescribeState(task, timeProvider)}";

    /// <summary>One task, the next step, then the provider's words if there are any.</summary>
    public static string DescribeWithNextCall(VideoTask task, TimeProvider timeProvider, string next)
    {
        var label = TaskLabels.IsOwnKey(task) ? task.RequestKey : null;
        return string.Join('\n', new[] { $"{Describe(task, timeProvider, label)} Next: {next}",
            ProviderQuote.Create(task) }.OfType<string>());
    }

    /// <summary>The status and the progress.</summary>
    public static string DescribeStatus(VideoTask task) =>
        task.Progress is { } percent && !task.Status.IsTerminal()
            ? $"{task.Status.ToWireName()}, {percent}%"
            : task.Status.ToWireName();

    /// <summary>Seconds left, from the progress measured so far; null while that says too little.</summary>
    public static int? EstimateSecondsLeft(VideoTask task, TimeProvider timeProvider)
    {
        if (task is not { Status: VideoTaskStatus.InProgress, Progress: >= LeastProgress and < 100 and var percent })
            return null;
        var elapsed = (timeProvider.GetUtcNow() - task.CreatedAt).TotalSeconds;
        return elapsed > 0 ? (int)Math.Ceiling(elapsed * (100 - percent) / percent) : null;
    }

    /// <summary>Whether and until when the videos of a completed task can be saved.</summary>
    public static string DescribeSaved(VideoTask task, DateTimeOffset now) => task switch
    {
        { IsUnsaved: false } => "saved",
        { ExpiresAt: { } end } when end <= now =>
            $"not saved, the URL expired {end:yyyy-MM-dd HH:mm}Z",
        { ExpiresAt: { } end } => $"not saved, the URL works until {end:yyyy-MM-dd HH:mm}Z",
        _ => "not saved, the URL expires, typically after 24 hours",
    };

    /// <summary>What a clip that failed means for money and for its request key.</summary>
    public static string DescribeFailure(VideoTask task)
    {
        var what = task switch
        {
            { Id: null } => "failed: it was not accepted.",
            { Error.Kind: OmniErrorKind.NoVideo } => $"failed. {task.Error.Message.TrimEnd('.')}.",
            _ => "failed.",
        };
        var isUnsold = task.Id is null && task.Charged == Charged.No;
        return $"{what} Billed: {BillingText.Billed(task.Charged)}. "
            + (isUnsold ? BillingText.UnchangedRequest : BillingText.AnotherClip);
    }

    private static string DescribeState(VideoTask task, TimeProvider timeProvider) =>
        task.Status switch
        {
            VideoTaskStatus.Completed =>
                $"completed, {DescribeSaved(task, timeProvider.GetUtcNow())}"
                    + $"{(!task.IsUnsaved && task.SavedPath is { } path ? ": " + path : "")}.{DescribeCost(task)}",
            VideoTaskStatus.Failed => DescribeFailure(task),
            VideoTaskStatus.Cancelled =>
                $"cancelled at the provider. Billed: {BillingText.Billed(task.Charged)}. {BillingText.AnotherClip}",
            VideoTaskStatus.Unknown => "unknown: it was sent and no answer was recorded. Billed: unknown.",
            VideoTaskStatus.Submitting => "submitting: the provider has not answered yet.",
            _ when EstimateSecondsLeft(task, timeProvider) is { } left =>
                $"{DescribeStatus(task)}. About {left} s left.",
            _ => DescribeStatus(task) + ".",
        };

    private static string DescribeCost(VideoTask task) => task switch
    {
        { IsSandbox: true } => "",
        { Credits: { } credits } => $" Cost: {Money.FormatCredits(credits)}.",
        { Cost: { } dollars } => $" Cost: ${dollars:0.00}.",
        _ => "",
    };
}
