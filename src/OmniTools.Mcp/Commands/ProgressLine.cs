using ModelContextProtocol;

namespace OmniTools.Mcp.Commands;

/// <summary>
/// Writes progress: a line that is rewritten on a terminal, one line per report if the output is a file.
/// </summary>
internal sealed class ProgressLine : IProgress<ProgressNotificationValue>, IDisposable
{
    private readonly bool rewrites = !Console.IsOutputRedirected;
    private int width;

    public void Report(ProgressNotificationValue value)
    {
        var text = $"Waiting  {value.Message}";
        if (rewrites)
            Console.Write("\r" + text.PadRight(width));
        else
            Console.WriteLine(text);
        width = Math.Max(width, text.Length);
    }

    public void Dispose()
    {
        if (rewrites && width > 0)
            Console.WriteLine();
    }
}
