using System.Management.Automation;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Completion;
using OmniTools.PowerShell.Pipeline;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Submitting;
using OmniTools.Tasks;

namespace OmniTools.PowerShell.Commands;

/// <summary>Submits requests while input still arrives. Each is bought at most once, whatever fails in between.</summary>
[Cmdlet(VerbsCommon.New, "OmniVideo", DefaultParameterSetName = Describe, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VideoTask))]
public sealed class NewOmniVideoCommand : OmniCmdlet
{
    private const string Describe = "Describe";
    private const string Extend = "Extend";
    private readonly HashSet<string> warned = [];
    private HashSet<string> typed = [];

    [Parameter(Position = 0, ParameterSetName = Describe, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = Extend)]
    [OneValue]
    public string? Prompt { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [OneValue]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [OneValue]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [OneValue]
    [ArgumentCompleter(typeof(ModelValueCompleter))]
    public string? AspectRatio { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [EmptyAsNull]
    [ArgumentCompleter(typeof(ModelValueCompleter))]
    public int? Duration { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [OneValue]
    [ArgumentCompleter(typeof(ModelValueCompleter))]
    public string? Resolution { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    public string[]? Image { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [OneValue]
    public string? Video { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend, Mandatory = true, ValueFromPipeline = true)]
    [TaskReference]
    [AllowNull]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public TaskReference? ExtendFrom { get; set; }

    [Parameter(ParameterSetName = Describe, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Extend)]
    [OneValue]
    public string? RequestKey { get; set; }

    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    [Parameter]
    public SwitchParameter Force { get; set; }

    // A submission on the wire is money: when nobody wants its task any more, its outcome is still worth the wait.
    private protected override bool CancelsWhenAbandoned => false;

    private protected override void Begin() => typed = [.. MyInvocation.BoundParameters.Keys];

    private protected override void Process()
    {
        var row = Row();
        WithItem(row, Words(row), () =>
        {
            var request = row with
            {
                Images = row.Images.Select(image => PathResolver.Reference(this, image, nameof(Image))).ToList(),
                Video = row.Video is null ? null : PathResolver.Reference(this, row.Video, nameof(Video)),
            };
            var plan = Client.Plan(request);
            // A key that cannot be one is told under -WhatIf too: the next command would be refused.
            if (Client.Settings.For(Catalog.Provider(plan.Provider)).KeyProblem is { } problem)
                throw problem;
            foreach (var warning in plan.Warnings.Where(warned.Add))
                WriteWarning(warning);
            if (ShouldProcess(Shown(plan), "Submit video request"))
                Submit(request);
        });
        DrainReady();
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // A stopping pipeline takes no more records, the host still does.
        if (Running > 0)
            Host.UI?.WriteWarningLine($"Stopped with {Running} submissions under way. What became of them: Get-OmniVideoTask -First {Running} -Refresh");
        base.StopProcessing();
    }

    private void Submit(VideoRequest request)
    {
        var options = new SubmitOptions { Force = Force };
        var client = Client;
        DrainUntil(ThrottleLimit - 1);
        Start(request, async token =>
        {
            var task = await client.SubmitAsync(request, options, token).ConfigureAwait(false);
            Post(() => WriteTask(task));
        }, Words(request));
    }

    private VideoRequest Row() => new()
    {
        Prompt = Given(Prompt, nameof(Prompt)),
        Provider = Given(Provider, nameof(Provider)),
        Model = Given(Model, nameof(Model)),
        AspectRatio = Given(AspectRatio, nameof(AspectRatio)),
        Duration = IsMeant(nameof(Duration)) ? Duration : null,
        Resolution = Given(Resolution, nameof(Resolution)),
        Images = Image?.Where(image => Given(image, nameof(Image)) is not null).ToList() ?? [],
        Video = Given(Video, nameof(Video)),
        ExtendFrom = ExtendFrom?.Handle,
        RequestKey = Given(RequestKey, nameof(RequestKey)),
    };

    // An empty cell of a CSV file is a value not given.
    private string? Given(string? text, string name) => string.IsNullOrWhiteSpace(text) || !IsMeant(name) ? null : text;

    // The binder offers a piped task's properties to both sets, for ExtendFrom is in both. They describe the clip that was made,
    // not the one that is wanted: only what was typed counts then.
    private bool IsMeant(string name) => ExtendFrom is not { IsTask: true } || typed.Contains(name);

    private static string Shown(SubmitPlan plan)
    {
        var seconds = plan.Seconds is { } length ? $"{length} s" : "the provider's length";
        var estimate = plan.EstimatedCredits is { } credits ? $"about {credits:0.##} credits" : "price not known";
        return $"{plan.Provider}{(plan.Spend.IsSandbox ? " in the sandbox" : "")}, {plan.Model}, {seconds}, {estimate}";
    }

    // Null for a request with nothing in it.
    private static string? Words(VideoRequest request)
    {
        var values = new (string Name, object? Value)[]
        {
            ("Prompt", request.Prompt is { Length: > 60 } prompt ? prompt[..60] + "…" : request.Prompt), ("Provider", request.Provider), ("Model", request.Model),
            ("AspectRatio", request.AspectRatio), ("Duration", request.Duration), ("Resolution", request.Resolution),
            ("ExtendFrom", request.ExtendFrom), ("RequestKey", request.RequestKey),
        };
        var given = values.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name} '{pair.Value}'").ToList();
        return given.Count == 0 ? null : $"Request ({string.Join(", ", given)})";
    }
}
