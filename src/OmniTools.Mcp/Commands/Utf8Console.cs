using System.Text;

namespace OmniTools.Mcp.Commands;

/// <summary>
/// Sets the console to UTF-8 while a command runs: the code page of a Windows console lacks the characters of most
/// prompts. Serving does not need it, because it writes bytes.
/// </summary>
internal sealed class Utf8Console : IDisposable
{
    private readonly Encoding? before;

    public Utf8Console()
    {
        if (!OperatingSystem.IsWindows())
            return;
        try
        {
            before = Console.OutputEncoding;
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (IOException)
        {
            // There is no console whose code page could be set.
            before = null;
        }
    }

    public void Dispose()
    {
        if (before is null)
            return;
        Console.Out.Flush();
        Console.OutputEncoding = before;
    }
}
