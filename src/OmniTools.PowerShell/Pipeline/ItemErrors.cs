namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Writes the errors of single items. Under -ErrorAction Stop the first one ends the pipeline, so all output that is
/// already paid for is written before it.
/// </summary>
internal sealed class ItemErrors(PSCmdlet cmdlet, CommandTrace trace, Action writeRest)
{
    private bool isStopping;

    public void Write(ErrorRecord record)
    {
        if (isStopping)
        {
            trace.Write($"Another error: {record}");
            return;
        }
        if (cmdlet.StopsOnErrors())
        {
            isStopping = true;
            writeRest();
        }
        cmdlet.WriteError(record);
    }
}
