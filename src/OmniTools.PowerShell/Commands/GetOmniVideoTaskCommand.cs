using OmniTools.Catalog;
using OmniTools.Ledger;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;

namespace OmniTools.PowerShell.Commands;

/// <summary>Asks a provider where tasks stand, or lists the ledger, newest first, as it is read.</summary>
[Cmdlet(VerbsCommon.Get, "OmniVideoTask", DefaultParameterSetName = List)]
[OutputType(typeof(VideoTask))]
public sealed class GetOmniVideoTaskCommand : OmniCmdlet
{
    private const string List = "List";
    private const string ById = "ById";
    private const string ByKey = "ByRequestKey";
    private const int AskedAtOnce = 4;

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, HelpMessage = "A task id or a request key.")]
    [Alias("TaskId")]
    [TaskId(TakesTasks = true)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public TaskReference[] Id { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ByKey, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The request key of a task.")]
    public string[] RequestKey { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(ParameterSetName = List)]
    [ValidateNotNull]
    public VideoTaskStatus[] Status { get; set; } = [];

    [Parameter(ParameterSetName = List)]
    [ValidateNotNullOrEmpty]
    public string? Search { get; set; }

    [Parameter(ParameterSetName = List)]
    [ValidateNotNullOrEmpty]
    public string? Batch { get; set; }

    [Parameter(ParameterSetName = List)]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    [Parameter(ParameterSetName = List)]
    public SwitchParameter Unsaved { get; set; }

    [Parameter(ParameterSetName = List)]
    public SwitchParameter Refresh { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == List)
            WriteList();
        foreach (var reference in Id.Concat(RequestKey.Select(key => new TaskReference(key))))
            RunForItem(reference.Handle, _ => null, () => Ask(reference.Require()));
    }

    private void Ask(string id)
    {
        var (client, provider) = (Client, Provider);
        DrainUntil(AskedAtOnce - 1);
        Start(id, async cancellationToken =>
        {
            var task = await client.GetTaskAsync(id, provider, cancellationToken).ConfigureAwait(false);
            Post(() => WriteRefreshed(task));
        }, problem => Run(_ => client.DescribeTaskAsync(problem, id)));
    }

    private void WriteRefreshed(VideoTask task)
    {
        WriteObject(task);
        // What asking cannot settle: the row alone does not say what does.
        if (task is { Status: VideoTaskStatus.Unknown, Error: { } doubt })
            WriteWarning($"{ItemText.Describe(task)}: {doubt.Message}");
    }

    private void WriteList()
    {
        var query = new VideoTaskQuery
        {
            Statuses = Status,
            Provider = Provider is null ? null : ModelCatalog.Provider(Provider).Id,
            Search = Search,
            Batch = Batch,
            Unsaved = Unsaved,
        };
        var warnings = new HashSet<string>();
        foreach (var task in (Refresh ? Refreshed(query, warnings) : Read(query, warnings)).Take(First))
            WriteObject(task);
        foreach (var warning in warnings)
            WriteWarning(warning);
    }

    private IEnumerable<VideoTask> Read(VideoTaskQuery query, HashSet<string> warnings)
    {
        foreach (var page in Run(Client.ListTaskPagesAsync(query with { Limit = Math.Min(First, query.Limit) })))
        {
            warnings.UnionWith(page.Warnings);
            foreach (var task in page.Tasks)
                yield return task;
        }
    }

    // What the ledger calls open may have ended since: it is asked about first and chosen by afterwards.
    private IEnumerable<VideoTask> Refreshed(VideoTaskQuery query, HashSet<string> warnings)
    {
        var asked = new Queue<Task<VideoTask>>();
        foreach (var known in Read(new() { Provider = query.Provider, Search = query.Search, Batch = query.Batch },
            warnings))
        {
            if (!Matches(known) && known.Status.IsTerminal())
                continue;
            asked.Enqueue(RefreshAsync(known));
            if (asked.Count >= AskedAtOnce && Next() is { } early)
                yield return early;
        }
        while (asked.Count > 0)
        {
            if (Next() is { } task)
                yield return task;
        }

        VideoTask? Next()
        {
            var next = asked.Dequeue();
            DrainUntilEnded(next);
            var task = next.GetAwaiter().GetResult();
            return Matches(task) ? task : null;
        }

        bool Matches(VideoTask task) =>
            (query.Statuses.Count == 0 || query.Statuses.Contains(task.Status)) && (!query.Unsaved || task.IsUnsaved);
    }

    private Task<VideoTask> RefreshAsync(VideoTask known)
    {
        if (known.Status.IsTerminal())
            return Task.FromResult(known);
        var answer = new TaskCompletionSource<VideoTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = Client;
        Start(known, async cancellationToken =>
        {
            try
            {
                answer.TrySetResult(await client.GetTaskAsync(known.Reference, known.Provider, cancellationToken)
                    .ConfigureAwait(false));
            }
            finally
            {
                answer.TrySetResult(known);
            }
        }, _ => ItemText.Describe(known));
        return answer.Task;
    }

    private void DrainUntilEnded(Task task)
    {
        while (!task.IsCompleted)
            DrainUntil(Running - 1);
        DrainReady();
    }
}
