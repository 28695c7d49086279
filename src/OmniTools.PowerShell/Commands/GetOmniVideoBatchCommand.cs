using OmniTools.Batches;
using OmniTools.PowerShell.Binding;
using OmniTools.PowerShell.Pipeline;

namespace OmniTools.PowerShell.Commands;

/// <summary>Shows how far lists and batches are, by the ledger alone.</summary>
[Cmdlet(VerbsCommon.Get, "OmniVideoBatch", DefaultParameterSetName = ByPath)]
[OutputType(typeof(VideoBatchResult), typeof(VideoBatchRow))]
public sealed class GetOmniVideoBatchCommand : OmniCmdlet
{
    private const string ByPath = "ByPath";
    private const string ByLiteralPath = "ByLiteralPath";
    private const string ByName = "ByName";

    [Parameter(Position = 0, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The file of the list.")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByName, HelpMessage = "The name of a batch.")]
    [ValidateNotNullOrEmpty]
    public string? BatchName { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyColumn { get; set; }

    [Parameter]
    public char? Delimiter { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process()
    {
        if ((LiteralPath ?? Path) is { } path)
            Write(new()
            {
                Path = PathResolver.Resolve(this, path, nameof(Path)),
                KeyColumn = KeyColumn,
                Delimiter = Delimiter,
                Command = $"Invoke-OmniVideoBatch {BatchCommandText.Quote(path)}",
            });
        else if (BatchName is not null)
            Write(new() { Name = BatchName });
        else
            foreach (var name in Run(Client.ListBatchesAsync))
                Write(new() { Name = name });
    }

    private void Write(BatchOptions options)
    {
        var result = RunAndDrain((client, cancellationToken) => client.GetBatchAsync(options, cancellationToken));
        if (PassThru)
            WriteObject(result!.Rows, enumerateCollection: true);
        WriteObject(result!);
    }
}
