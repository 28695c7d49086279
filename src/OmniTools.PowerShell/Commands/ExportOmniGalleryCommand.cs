using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using OmniTools.Errors;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.VideoTasks;

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
    private const string DefaultName = "gallery.html";
    private readonly List<VideoTask> tasks = [];

    [Parameter(ParameterSetName = ByTask, ValueFromPipeline = true)]
    [ValidateNotNull]
    public VideoTask[] InputObject { get; set; } = [];

    [Parameter(
        Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("TaskId")]
    [TaskId]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public TaskReference[] Id { get; set; } = [];

    [Parameter(ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByBatch)]
    [ValidateNotNullOrEmpty]
    public string? Batch { get; set; }

    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string? Path { get; set; }

    [Parameter]
    [Alias("PSPath")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Show { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private bool HasInput =>
        MyInvocation.ExpectingInput
        || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject))
        || ParameterSetName == ById;

    private protected override void Process()
    {
        tasks.AddRange(InputObject);
        foreach (var reference in Id)
        {
            RunForItem(reference.Handle, problem => Client.DescribeTask(problem, reference.Handle), () =>
                tasks.Add(Client.FindTask(reference.Require(), Provider) ?? throw NotFound(reference.Handle)));
        }
    }

    private protected override void End()
    {
        var path = Destination();
        if (!ShouldProcess(path, "Write gallery page"))
            return;
        var count = Client.WriteGallery(HasInput ? tasks : Saved(), path);
        WriteDetail($"The page shows {count} {(count == 1 ? "clip" : "clips")}: {path}");
        if (PassThru)
            WriteObject(new FileInfo(path));
        if (Show)
            Open(path);
    }

    private IEnumerable<VideoTask> Saved() => ParameterSetName == ByBatch
        ? Client.ListTasks(new() { Batch = Batch })
        : Client.ListTasks().Where(task => task.Videos.Any(video => video.HasFile));

    private string Destination()
    {
        if (Path is not null && LiteralPath is not null)
            throw new OmniException(OmniErrorKind.InvalidRequest, "Both -Path and -LiteralPath are given", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "-LiteralPath",
                Allowed = "one of them",
            });
        foreach (var name in new[] { nameof(Path), nameof(LiteralPath) })
        {
            if (
                MyInvocation.BoundParameters.TryGetValue(name, out var typed)
                && string.IsNullOrWhiteSpace(typed as string))
                throw PathResolver.EmptyPath(name);
        }
        return PathResolver.ResolveFile(this, Path, LiteralPath, DefaultName);
    }

    // The page is written, whether or not there is a browser.
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
