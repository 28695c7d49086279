using System.Diagnostics;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.PowerShell.Progress;
using OmniTools.Saving;

namespace OmniTools.PowerShell.Commands;

/// <summary>
/// Downloads the videos of completed tasks while others still arrive. A file appears only when it is complete.
/// </summary>
[Cmdlet(VerbsData.Save, "OmniVideo", DefaultParameterSetName = ByTask, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class SaveOmniVideoCommand : OmniCmdlet
{
    private const string ByTask = "ByTask";
    private const string ById = "ById";
    private const string ByTaskLiteral = "ByTaskLiteralPath";
    private const string ByIdLiteral = "ByIdLiteralPath";
    private readonly DownloadProgress transfers = new();
    private long begun;
    private SaveOptions? typedOptions;

    [Parameter(Mandatory = true, ParameterSetName = ByTask, ValueFromPipeline = true,
        HelpMessage = "Completed tasks of Wait-OmniVideoTask or Get-OmniVideoTask.")]
    [Parameter(Mandatory = true, ParameterSetName = ByTaskLiteral, ValueFromPipeline = true,
        HelpMessage = "Completed tasks of Wait-OmniVideoTask or Get-OmniVideoTask.")]
    public VideoTask[] InputObject { get; set; } = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, HelpMessage = "A task id or a request key.")]
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ByIdLiteral, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, HelpMessage = "A task id or a request key.")]
    [Alias("TaskId")]
    [TaskId]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public TaskReference[] Id { get; set; } = [];

    [Parameter(ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ByIdLiteral, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(ParameterSetName = ByTask, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByTaskLiteral, ValueFromPipelineByPropertyName = true,
        HelpMessage = "A folder, or a file name in which no character is a wildcard.")]
    [Parameter(Mandatory = true, ParameterSetName = ByIdLiteral, ValueFromPipelineByPropertyName = true,
        HelpMessage = "A folder, or a file name in which no character is a wildcard.")]
    [Alias("PSPath")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    private protected override void Begin()
    {
        // What is typed holds for all tasks, and ends the command where it cannot be used.
        var typed = MyInvocation.BoundParameters.Where(pair => pair.Key is nameof(Path) or nameof(LiteralPath))
            .FirstOrDefault(pair => pair.Value is null or string).Key;
        if (typed is not null)
            typedOptions = string.IsNullOrWhiteSpace(Path + LiteralPath)
                ? throw PathResolver.EmptyPath(typed) : Options();
        ShowProgress("Saving videos", Draw);
        begun = Stopwatch.GetTimestamp();
    }

    private protected override void Process()
    {
        foreach (var task in InputObject)
        {
            if (task.Status is VideoTaskStatus.Failed or VideoTaskStatus.Cancelled)
                WriteDetail(
                    $"{ItemText.Describe(task)} ended as {task.Status.ToWireName()}: there is nothing to save.");
            else
                Save(task, task.Reference, _ => ItemText.Describe(task), _ => Task.FromResult(task));
        }
        var (client, provider) = (Client, Provider);
        foreach (var reference in Id)
            RunForItem(reference.Handle, _ => null, () =>
            {
                var id = reference.Require();
                Save(id, id, problem => Run(_ => client.DescribeTaskAsync(problem, id)),
                    cancellationToken => client.FindOrAskAsync(id, provider, cancellationToken));
            });
        DrainReady();
    }

    private void Save(object item, string handle, Func<OmniException, string?> about,
        Func<CancellationToken, Task<VideoTask>> find) => RunForItem(item, about, () =>
    {
        var options = typedOptions ?? Options();
        var target = System.IO.Path.Combine(options.Folder, options.Template);
        if (!ShouldProcess(target, $"Save video of task {handle}"))
            return;
        var client = Client;
        DrainUntil(ThrottleLimit - 1);
        Start(item, async cancellationToken =>
        {
            var task = await find(cancellationToken).ConfigureAwait(false);
            var saved = await client.SaveVideosAsync(task, options, new Transfer(this), cancellationToken)
                .ConfigureAwait(false);
            Post(() => Write(saved));
        }, about);
    });

    private SaveOptions Options()
    {
        var (folder, template) = PathResolver.ResolveDestination(this, Path, LiteralPath);
        return new() { Folder = folder, Template = template, Overwrite = Force, HoldFor = HoldFor };
    }

    private void Write(IReadOnlyList<SavedVideo> saved)
    {
        foreach (var video in saved)
        {
            transfers.End(video.Path);
            WriteObject(SavedFile.From(video));
        }
    }

    private void Report(SaveProgress progress)
    {
        transfers.Report(progress, Stopwatch.GetElapsedTime(begun));
        Draw();
    }

    private void Draw()
    {
        if (transfers.Any)
            Progress!.Draw(transfers.Summary, transfers.Lines);
    }

    // Progress<T> would hand reports to the pool, where they overtake each other.
    private sealed class Transfer(SaveOmniVideoCommand cmdlet) : IProgress<SaveProgress>
    {
        public void Report(SaveProgress value) => cmdlet.Post(() => cmdlet.Report(value));
    }
}
