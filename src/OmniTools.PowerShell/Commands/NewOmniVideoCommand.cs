using OmniTools.Catalog;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.Requests;
using OmniTools.Submitting;

namespace OmniTools.PowerShell.Commands;

/// <summary>Submits requests while input still arrives. Each is bought at most once, whatever fails.</summary>
[Cmdlet(VerbsCommon.New, "OmniVideo", DefaultParameterSetName = Describe, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VideoTask))]
public sealed class NewOmniVideoCommand : OmniCmdlet
{
    private const string Describe = "Describe";
    private const string Extend = "Extend";
    private readonly HashSet<string> warned = [];
    private readonly SubmissionHalts halts = new();
    private readonly SubmissionPlanText plans = new();
    private RowList rows = null!;
    private int accepted;

    [Parameter(ParameterSetName = Describe, ValueFromPipeline = true)]
    [ExcludeTask]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = Extend)]
    public string? Prompt { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [ArgumentCompleter(typeof(ModelValueCompleter))]
    public string? AspectRatio { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [ArgumentCompleter(typeof(ModelValueCompleter))]
    public string? Duration { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [ArgumentCompleter(typeof(ModelValueCompleter))]
    public string? Resolution { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string[]? Image { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string? FirstFrame { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string? LastFrame { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string[]? Video { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [ArgumentCompleter(typeof(AudioCompleter))]
    public string? Audio { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string? NegativePrompt { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string? Seed { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public object? Option { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The task that the new clip continues.")]
    [TaskReference]
    [AllowNull]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public TaskReference? ExtendFrom { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string? RequestKey { get; set; }

    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    [Parameter]
    public SwitchParameter Force { get; set; }

    // A submission on the wire is money: when nobody wants its task any more, its outcome is still worth the wait.
    private protected override bool CancelsWhenAbandoned => false;

    private protected override void Begin()
    {
        Session.Preload();
        rows = new(MyInvocation.MyCommand, MyInvocation.BoundParameters);
    }

    private protected override void Process()
    {
        var row = InputRow.From(InputObject);
        foreach (var warning in rows.Add(row))
            WriteWarning(warning);
        if (InputObject?.BaseObject is string text && !rows.IsTyped(nameof(Prompt)))
            rows.CheckText(text);
        var reader = new RequestReader(this, rows);
        var draft = reader.Draft();
        var about = ItemText.Describe(draft, reader.Duration, row is { HasOwnColumns: true } ? rows.Count : null);
        RunForItem(row?.Value ?? (object)draft, _ => about, () => Take(reader, row, about));
        DrainReady();
    }

    private protected override void End()
    {
        DrainUntil(0);
        foreach (var (problem, item, about) in halts.Errors)
        {
            // With nothing bought, nothing is lost by ending the pipeline.
            if (problem.Kind == OmniErrorKind.Authentication && accepted == 0)
                throw problem;
            WriteItemError(ErrorRecords.Create(problem, item, about));
        }
    }

    // Every row that may have been bought is reported. The next one, which is not sent, ends the command.
    private protected override bool EndsCommand(OmniException problem) =>
        problem is { Charged: Charged.No, Kind: not OmniErrorKind.Authentication } && base.EndsCommand(problem);

    private protected override void Fail(OmniException problem, object? item, string? about) =>
        Fail(problem, item, about, columns: null);

    private void Fail(OmniException problem, object? item, string? about, string? columns)
    {
        if (this.StopsOnErrors() || !halts.TryAdd(problem, item, about, columns, wasHeld: HoldFor > TimeSpan.Zero))
            base.Fail(problem, item, about);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // A stopping pipeline takes no more records, the host still does.
        if (Running > 0)
            Host.UI?.WriteWarningLine($"Stopped with {Running} submissions under way. "
                + $"What became of them: Get-OmniVideoTask -First {Running} -Refresh");
        base.StopProcessing();
    }

    private void Take(RequestReader reader, InputRow? row, string? about)
    {
        if (row is not null && Prompt is null && !row.Has(nameof(Prompt)))
        {
            var number = row.HasOwnColumns ? $"Row {rows.Count}" : null;
            Fail(row.MissingColumn(nameof(Prompt)), row.Value, number, columns: "columns " + row.ColumnText);
            return;
        }
        rows.Check(row, InputObject, MyInvocation.ExpectingInput && ExtendFrom is not { IsTask: true });
        var request = reader.Read();
        var (client, options) = (Client, new SubmitOptions { AllowDuplicate = Force });
        var plan = Run(cancellationToken => client.PlanSubmissionAsync(request, options, cancellationToken));
        // A key that cannot be one is reported under -WhatIf too: the next command would be refused.
        if (Client.Settings.GetProviderSettings(ModelCatalog.Provider(plan.Provider)).KeyProblem is { } problem)
            throw problem.With(problem.Details with { Provider = plan.Provider });
        foreach (var warning in plan.Warnings.Where(warned.Add))
            WriteWarning(warning);
        if (plan.ModelEnd is { } end && Session.TryAnnounce(end))
            WriteWarning($"{end}");
        DrainUntil(ThrottleLimit - 1);
        // What is bought already is returned whatever else stops.
        if (plan.Existing is null && halts.Stops(plan.Provider))
            return;
        var shown = this.IsWhatIf()
            ? plans.DescribeWithTotal(plan, request) : SubmissionPlanText.Describe(plan, request);
        if (ShouldProcess(shown, $"Submit {shown}?", "Submit video request"))
            Submit(request, row?.Value ?? (object)request, about);
    }

    private void Submit(VideoRequest request, object item, string? about)
    {
        var (client, options) = (Client, new SubmitOptions { AllowDuplicate = Force, HoldFor = HoldFor });
        Start(item, async cancellationToken =>
        {
            var task = await client.SubmitAsync(request, options, cancellationToken).ConfigureAwait(false);
            Post(() =>
            {
                accepted++;
                WriteObject(task);
            });
        }, _ => about);
    }
}
