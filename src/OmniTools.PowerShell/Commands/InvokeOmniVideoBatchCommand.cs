using OmniTools.Batches;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Pipeline;
using OmniTools.PowerShell.Progress;

namespace OmniTools.PowerShell.Commands;

/// <summary>Runs a list until every row has a file or a reason why not. Running it again does what is left.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "OmniVideoBatch", DefaultParameterSetName = ByPath, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VideoBatchResult), typeof(VideoBatchRow), typeof(BatchPlan))]
public sealed class InvokeOmniVideoBatchCommand : OmniCmdlet
{
    private const string ByPath = "ByPath";
    private const string ByLiteralPath = "ByLiteralPath";
    private const string ByRow = "ByRow";
    private readonly List<IReadOnlyList<KeyValuePair<string, string>>> rows = [];
    private readonly GracefulStop stop;

    /// <summary>Creates the cmdlet.</summary>
    public InvokeOmniVideoBatchCommand() => stop = new(this);

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByPath, HelpMessage = "The file of the list.")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, HelpMessage = "The file of the list.")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByRow, ValueFromPipeline = true,
        HelpMessage = "Rows with a column Prompt, or prompts.")]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByLiteralPath)]
    [Parameter(Mandatory = true, ParameterSetName = ByRow, HelpMessage = "A name for the batch of piped rows.")]
    [ValidateNotNullOrEmpty]
    public string? BatchName { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyColumn { get; set; }

    [Parameter]
    public char? Delimiter { get; set; }

    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxVideos { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public decimal? MaxCredits { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public decimal? MaxUsd { get; set; }

    [Parameter]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromHours(12);

    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    [Parameter]
    public SwitchParameter NewTakes { get; set; }

    [Parameter]
    public SwitchParameter SkipInvalid { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Report { get; set; }

    [Parameter]
    public SwitchParameter NoGallery { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    // Running work is paid for, so it is finished.
    private protected override bool CancelsWhenAbandoned => false;

    // The batch itself holds rows during an outage, and reports it.
    private protected override TimeSpan HoldFor => TimeSpan.Zero;

    private protected override void Process()
    {
        if (InputObject is { } row)
            rows.Add(BatchRows.Read(row));
    }

    private protected override void End()
    {
        // PowerShell reads a plain number as ticks of 0.1 µs: nothing would be held or waited for.
        if (RetryFor < TimeSpan.FromSeconds(1))
            throw InvalidRequest.Create("The batch can hold rows for a second or more", "-RetryFor",
                $"{RetryFor}", "hours, minutes and seconds, such as 6:00:00");
        var options = ReadOptions();
        if (this.IsWhatIf())
        {
            WriteObject(RunAndDrain((client, cancellationToken) => client.PlanBatchAsync(options, cancellationToken))!);
            return;
        }
        var title = options.Path ?? options.Name!;
        var isAsked =
            MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm) && LanguagePrimitives.IsTrue(confirm);
        var shown = isAsked
            ? $"{RunAndDrain((client, cancellationToken) => client.PlanBatchAsync(options, cancellationToken))}"
            : title;
        if (!ShouldProcess(title, $"{shown}{Environment.NewLine}Run this batch?", "Run video batch"))
            return;
        var progress = new BatchProgressBar();
        ShowProgress("Video batch " + System.IO.Path.GetFileName(title), () => Draw(progress));
        var observer = new BatchObserver
        {
            Notice = line => Post(() => WriteNotice(line)),
            Settled = row => Post(() => WriteRow(row)),
            Progress = progress.Set,
        };
        if (RunAndDrain((client, _) => client.RunBatchAsync(options, observer, stop.Requested, stop.Now)) is { } result)
            WriteResult(result);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stop.RequestByUser();

    private protected override void OnAbandoned() => stop.Request();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            stop.Dispose();
    }

    private BatchOptions ReadOptions() => new()
    {
        Path = Path is not null ? PathResolver.Resolve(this, Path, nameof(Path))
            : LiteralPath is not null ? PathResolver.Resolve(this, LiteralPath, nameof(LiteralPath)) : null,
        Rows = rows,
        Name = BatchName,
        Destination = Destination is null ? null : PathResolver.Resolve(this, Destination, nameof(Destination)),
        FileName = Name,
        KeyColumn = KeyColumn,
        Delimiter = Delimiter,
        ThrottleLimit = ThrottleLimit,
        MaxVideos = MaxVideos,
        MaxCredits = MaxCredits,
        MaxUsd = MaxUsd,
        RetryFor = RetryFor,
        RetryFailed = RetryFailed,
        NewTakes = NewTakes,
        SkipInvalid = SkipInvalid,
        Report = Report is null ? null : PathResolver.Resolve(this, Report, nameof(Report)),
        NoGallery = NoGallery,
        BaseFolder = PathResolver.Resolve(this, ".", nameof(Path)),
        Command = BatchCommandText.Write(MyInvocation),
    };

    private void Draw(BatchProgressBar progress)
    {
        if (progress.Line is { } line)
            stop.Write(() => Progress?.Draw(line, []), () => { });
    }

    private void WriteNotice(string line) =>
        stop.Write(() => WriteWarning(line), () => Host.UI?.WriteWarningLine(line));

    private void WriteRow(VideoBatchRow row)
    {
        if (PassThru)
            stop.Write(() => WriteObject(row), () => { });
    }

    private void WriteResult(VideoBatchResult result) => stop.Write(
        () =>
        {
            Progress?.Complete();
            WriteObject(result);
            if (result.ExitCode != 0)
                WriteError(ErrorRecords.CreateBatchIncomplete(result));
        },
        () => Host.UI?.WriteLine($"{result}"));
}
