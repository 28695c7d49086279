using System.Diagnostics;
using System.Management.Automation;
using OmniTools.Errors;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.Saving;
using OmniTools.Tasks;

namespace OmniTools.PowerShell.Commands;

/// <summary>Downloads the videos of completed tasks while further tasks still arrive. A file is whole, or not there.</summary>
[Cmdlet(VerbsData.Save, "OmniVideo", DefaultParameterSetName = ByTask, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class SaveOmniVideoCommand : OmniCmdlet
{
    private const string ByTask = "ByTask";
    private const string ById = "ById";
    private readonly Transfers transfers = new();
    private SaveOptions? options;
    private long begun;

    [Parameter(Mandatory = true, ParameterSetName = ByTask, ValueFromPipeline = true)]
    public VideoTask[] InputObject { get; set; } = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("TaskId")]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    private protected override void Begin()
    {
        if (Path is not null && LiteralPath is not null)
            throw new OmniException(OmniErrorKind.InvalidRequest, "-Path and -LiteralPath exclude each other") { Charged = Charged.No, Field = nameof(LiteralPath), NextStep = "Give one of them" };
        var (folder, template) = PathResolver.Destination(this, Path, LiteralPath);
        options = new() { Folder = folder, Template = template, Overwrite = Force };
        ShowProgress("Saving videos", Draw);
        begun = Stopwatch.GetTimestamp();
    }

    private protected override void Process()
    {
        var (client, provider) = (Client, Provider);
        foreach (var task in InputObject)
        {
            // What Wait-OmniVideoTask has told of this very task is no second error.
            if (ReferenceEquals(task, Session.Told))
                Tell($"Task {task.Handle} ended as {task.Status.Word()}, as was told: there is nothing to save.");
            else
                Save(task, task.Handle, _ => Task.FromResult(task));
        }
        foreach (var id in Id)
            Save(id, id, token => FindAsync(client, id, provider, token));
        DrainReady();
    }

    private void Save(object item, string handle, Func<CancellationToken, Task<VideoTask>> find)
    {
        if (!ShouldProcess(System.IO.Path.Combine(options!.Folder, options.Template), $"Save video of task {handle}"))
            return;
        var client = Client;
        DrainUntil(ThrottleLimit - 1);
        Start(item, async token =>
        {
            var task = await find(token).ConfigureAwait(false);
            var saved = await client.SaveAsync(task, options, new Transfer(this), token).ConfigureAwait(false);
            Post(() =>
            {
                foreach (var video in saved)
                {
                    transfers.End(video.Path);
                    WriteObject(new FileInfo(video.Path));
                }
            });
        });
    }

    private void Report(SaveProgress progress)
    {
        transfers.Report(progress, Stopwatch.GetElapsedTime(begun));
        Draw();
    }

    private void Draw()
    {
        if (transfers.Any)
            Board!.Draw(transfers.Summary, transfers.Lines);
    }

    // Progress<T> would hand reports to the pool, where they overtake each other.
    private sealed class Transfer(SaveOmniVideoCommand cmdlet) : IProgress<SaveProgress>
    {
        public void Report(SaveProgress value) => cmdlet.Post(() => cmdlet.Report(value));
    }
}
