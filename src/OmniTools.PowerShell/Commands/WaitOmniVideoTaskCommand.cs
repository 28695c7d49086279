using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.PowerShell.Progress;
using OmniTools.Waiting;

namespace OmniTools.PowerShell.Commands;

/// <summary>Waits for many tasks at once and emits each when it ends. Stopping the wait never stops a task.</summary>
[Cmdlet(VerbsLifecycle.Wait, "OmniVideoTask", DefaultParameterSetName = ByTask)]
[OutputType(typeof(VideoTask))]
public sealed class WaitOmniVideoTaskCommand : OmniCmdlet
{
    private const string ByTask = "ByTask";
    private const string ById = "ById";
    private readonly WaitProgress tasks = new(TimeProvider.System);
    private VideoTaskWait? wait;

    [Parameter(Mandatory = true, ParameterSetName = ByTask, ValueFromPipeline = true,
        HelpMessage = "Tasks of New-OmniVideo or Get-OmniVideoTask.")]
    public VideoTask[] InputObject { get; set; } = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, HelpMessage = "A task id or a request key.")]
    [Alias("TaskId")]
    [TaskId]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public TaskReference[] Id { get; set; } = [];

    [Parameter(ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter]
    [ValidateRange(-1, int.MaxValue / 1000)]
    public int Timeout { get; set; } = -1;

    [Parameter]
    public SwitchParameter Any { get; set; }

    private protected override void Begin()
    {
        ShowProgress("Waiting for videos", Draw);
        using (EnterTrace())
            wait = Client.StartWaiting(
                new() { Timeout = Timeout < 0 ? null : TimeSpan.FromSeconds(Timeout), Any = Any });
        Start(ReadAsync);
    }

    private protected override void Process()
    {
        foreach (var task in InputObject)
            Add(task);
        foreach (var reference in Id)
            RunForItem(reference.Handle, _ => null, () => Find(reference.Require()));
        DrainReady();
    }

    private void Find(string id)
    {
        var (client, provider) = (Client, Provider);
        Start(id, async cancellationToken =>
        {
            var task = await client.FindOrAskAsync(id, provider, cancellationToken).ConfigureAwait(false);
            Post(() => Add(task));
        }, problem => Run(_ => client.DescribeTaskAsync(problem, id)));
    }

    private protected override void End()
    {
        DrainUntil(1);
        wait!.CompleteAdding();
        DrainUntil(0);
        // What came after the timeout and had ended before.
        Start(ReadAsync);
        DrainUntil(0);
        Progress!.Complete();
        if (wait.TimedOut)
            WriteItemError(ErrorRecords.Create(UnfinishedTasks.TimedOut(Timeout, wait.Open, tasks.Count), wait.Open));
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // A stopping pipeline takes no more records, the host still does.
        if (wait?.Open is { Count: > 0 } open)
            Host.UI?.WriteWarningLine(UnfinishedTasks.Stopped(open));
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        wait?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        wait = null;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in wait!.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            Post(() => Report(change));
    }

    private void Add(VideoTask task)
    {
        tasks.Add(task);
        using (EnterTrace())
            wait!.Add(task);
        Draw();
    }

    private void Report(VideoTaskChange change)
    {
        var task = change.Task;
        tasks.Report(change);
        Draw();
        if (change.Failure is { } failure)
        {
            WriteItemError(ErrorRecords.Create(failure, task, ItemText.Describe(task)));
            return;
        }
        if (!change.IsLast)
            return;
        if (task.Status != VideoTaskStatus.Completed)
            WriteItemError(ErrorRecords.Create(task));
        WriteObject(task);
    }

    private void Draw()
    {
        if (tasks.Count > 0)
            Progress!.Draw(tasks.Summary, tasks.Lines);
    }
}
