using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Requests;

namespace OmniTools.Testing;

/// <summary>
/// A process of its own that submits one request, configured by the environment as a user's is:
/// <c>submit REQUEST_KEY PROMPT [TRACE]</c>. With TRACE it stops for good at the first trace line that begins so, says
/// "stopped", and waits to be killed.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not ["submit", var key, var prompt, ..])
            return 2;
        var stopAt = args.Length > 3 ? args[3] : null;
        using var listening = OmniTrace.Listen((_, line) =>
        {
            if (stopAt is not null && line.StartsWith(stopAt, StringComparison.Ordinal))
            {
                Console.WriteLine("stopped");
                new ManualResetEvent(false).WaitOne();
            }
        });
        await using var client = new OmniClient(OmniSettings.FromEnvironment());
        try
        {
            var task = await client.SubmitAsync(new VideoRequest { Prompt = prompt, RequestKey = key });
            Console.WriteLine(task.Id);
            return 0;
        }
        catch (OmniException failure)
        {
            Console.WriteLine(failure.Kind);
            return 1;
        }
    }
}
