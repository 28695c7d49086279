using OmniTools.Errors;
using OmniTools.PowerShell.Progress;
using OmniTools.Testing;
using OmniTools.VideoTasks;

namespace OmniTools.PowerShell.Tests;

/// <summary>What the progress of a wait says.</summary>
public sealed class WaitProgressTests
{
    private readonly TestTimeProvider clock = new();
    private readonly WaitProgress tasks;

    public WaitProgressTests() => tasks = new(clock);

    [Fact]
    public void ABar_TellsStatusPercentAgeAndEstimate()
    {
        tasks.Add(Made("a") with { EstimatedSeconds = 60 });
        clock.Advance(TimeSpan.FromSeconds(45));
        tasks.Report(
            new(
                Made("a") with
                {
                    EstimatedSeconds = 60,
                    CreatedAt = Start,
                    Status = VideoTaskStatus.InProgress,
                    Progress = 70,
                }));
        Assert.Equal([new("task_a", "apimart: in_progress, 45 s of about 60 s", 70, 15)], tasks.Lines);
        Assert.Equal(new("", "0 of 1 ended", 0, 15), tasks.Summary);
    }

    [Fact]
    public void TheCatalog_EstimatesWhereTheProviderDoesNot()
    {
        tasks.Add(Made("a") with { Provider = "toapis", Model = "gemini_omni_flash" });
        tasks.Add(Made("b") with { Provider = "toapis", Model = "gemini_omni_flash", IsSandbox = true });
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(
            ["toapis: queued, 30 s of about 2 min", "toapis: queued, 30 s"], tasks.Lines.Select(line => line.Status));
        Assert.Equal([90, null], tasks.Lines.Select(line => line.SecondsLeft));
        Assert.Null(tasks.Summary.SecondsLeft);
    }

    [Fact]
    public void AnEstimateThatHasPassed_PromisesNothing()
    {
        tasks.Add(Made("a") with { EstimatedSeconds = 60 });
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([new("task_a", "apimart: queued, 5 min of about 60 s", null)], tasks.Lines);
    }

    [Fact]
    public void Ended_IsWhatNoMoreReportsFollowOn()
    {
        foreach (var name in new[] { "a", "b", "c", "a" })
            tasks.Add(Made(name));
        tasks.Report(new(Made("a") with { Status = VideoTaskStatus.Completed }));
        tasks.Report(new(Made("b"), new OmniException(OmniErrorKind.NotFound, "No such task")));
        Assert.Equal(new("", "2 of 3 ended", 66, 60), tasks.Summary);
        Assert.Equal(["task_c"], tasks.Lines.Select(line => line.Key));
    }

    private DateTimeOffset Start { get; } = new TestTimeProvider().GetUtcNow();

    private VideoTask Made(string name) => new()
    {
        Id = "task_" + name,
        RequestKey = "key_" + name,
        Provider = "apimart",
        Model = "gemini-omni-flash-preview",
        Status = VideoTaskStatus.Queued,
        CreatedAt = clock.GetUtcNow(),
    };
}
