using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Requests;

namespace OmniTools.Testing;

/// <summary>
/// What tests need a process of its own for. <c>submit REQUEST_KEY PROMPT [TRACE]</c> submits one request, configured by the
/// environment as a user's is; with TRACE it stops for good at the first trace line that begins so, says "stopped", and waits
/// to be killed. <c>serve toapis|apimart</c> is a loopback provider, see <see cref="LoopbackConsole"/>.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args switch
    {
        ["submit", var key, var prompt, .. var stopAt] => SubmitAsync(key, prompt, stopAt.FirstOrDefault()),
        ["serve", "toapis"] => LoopbackConsole.ServeAsync(Contract.ToApis),
        ["serve", "apimart"] => LoopbackConsole.ServeAsync(Contract.ApiMart),
        _ => Task.FromResult(2),
    };

    private static async Task<int> SubmitAsync(string key, string prompt, string? stopAt)
    {
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
