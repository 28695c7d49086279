using System.ComponentModel;
using System.Diagnostics;
using OmniTools.Batches;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;

namespace OmniTools.PowerShell.Commands;

/// <summary>Writes an HTML page that shows the clips of the pipeline, or all that are saved on this machine.</summary>
[Cmdlet(VerbsData.Export, "OmniGallery", DefaultParameterSetName = ByTask, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportOmniGalleryCommand : OmniCmdlet
{
    private const string ByTask = "ByTask";
    private const string ById = "ById";
    private const string ByBatch = "ByBatch";
    private const string ByTaskLiteral = "ByTaskLiteralPath";
    private const string ByIdLiteral = "ByIdLiteralPath";
    private const string ByBatchLiteral = "ByBatchLiteralPath";
    private const string DefaultName = "gallery.html";
    private readonly List<VideoTask> tasks = [];

    [Parameter(ParameterSetName = ByTask, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = ByTaskLiteral, ValueFromPipeline = true)]
    [ValidateNotNull]
    public VideoTask[] InputObject { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, HelpMessage = "A task id or a request key.")]
    [Parameter(Mandatory = true, ParameterSetName = ByIdLiteral, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, HelpMessage = "A task id or a request key.")]
    [Alias("TaskId")]
    [TaskId]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public TaskReference[] Id { get; set; } = [];

    [Parameter(ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ByIdLiteral, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByBatch, HelpMessage = "The name of a batch.")]
    [Parameter(Mandatory = true, ParameterSetName = ByBatchLiteral, HelpMessage = "The name of a batch.")]
    [ValidateNotNullOrEmpty]
    public string? Batch { get; set; }

    [Parameter(Position = 0, ParameterSetName = ByTask)]
    [Parameter(Position = 0, ParameterSetName = ById)]
    [Parameter(Position = 0, ParameterSetName = ByBatch)]
    [SupportsWildcards]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByTaskLiteral, HelpMessage = "The page to write, or its folder.")]
    [Parameter(Mandatory = true, ParameterSetName = ByIdLiteral, HelpMessage = "The page to write, or its folder.")]
    [Parameter(Mandatory = true, ParameterSetName = ByBatchLiteral, HelpMessage = "The page to write, or its folder.")]
    [Alias("PSPath")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Show { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private bool HasInput =>
        MyInvocation.ExpectingInput
        || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject))
        || ParameterSetName is ById or ByIdLiteral;

    private protected override void Process()
    {
        tasks.AddRange(InputObject);
        var client = Client;
        foreach (var reference in Id)
        {
            RunForItem(reference.Handle, problem => Run(_ => client.DescribeTaskAsync(problem, reference.Handle)), () =>
                tasks.Add(Run(cancellationToken =>
                    client.FindTaskAsync(reference.Require(), Provider, cancellationToken))
                    ?? throw NotFound(reference.Handle)));
        }
    }

    private protected override void End()
    {
        var path = Destination();
        if (!ShouldProcess(path, "Write gallery page"))
            return;
        var (client, shown) = (Client, HasInput ? tasks : Saved());
        if (Batch is not null && shown.Count == 0)
            throw BatchErrors.NotKnown(Batch, nameof(Batch));
        var count = Run(cancellationToken => client.WriteGalleryAsync(shown, path, cancellationToken));
        WriteDetail($"The page shows {count} {(count == 1 ? "clip" : "clips")}: {path}");
        if (PassThru)
            WriteObject(new FileInfo(path));
        if (Show)
            Open(path);
    }

    private List<VideoTask> Saved() =>
        [.. Run(Client.EnumerateTasksAsync(new() { Batch = Batch }))
            .Where(task => Batch is not null || task.Videos.Any(video => video.HasFile))];

    private string Destination()
    {
        foreach (var name in new[] { nameof(Path), nameof(LiteralPath) })
        {
            if (MyInvocation.BoundParameters.TryGetValue(name, out var typed)
                && string.IsNullOrWhiteSpace(typed as string))
                throw PathResolver.EmptyPath(name);
        }
        return PathResolver.ResolveFile(this, Path, LiteralPath, DefaultName);
    }

    // Without a browser the page is written all the same.
    private void Open(string path)
    {
        try
        {
            System.Diagnostics.Process.Start(new ProcessStartInfo(path) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception problem) when (problem is Win32Exception or InvalidOperationException)
        {
            WriteWarning($"The page cannot be opened from here: {problem.Message} It is {path}");
        }
    }

    private static OmniException NotFound(string handle) =>
        new(OmniErrorKind.NotFound, $"The ledger does not know a task {handle}", new()
        {
            Charged = Charged.Unknown,
            WasFree = true,
            TaskId = handle,
            NextStep = "List what it knows with Get-OmniVideoTask",
        });
}
