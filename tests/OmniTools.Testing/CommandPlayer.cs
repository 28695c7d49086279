using System.Diagnostics;
using OmniTools.Configuration;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Testing;

/// <summary>
/// Runs one command per line of its input, each as a process of its own would, and answers each with one line.
/// Commands:
/// <c>submit HOME KEY KILL_AT</c> and <c>ask HOME KEY KILL_AT</c>; the process kills itself (SIGKILL) at the trace line
/// of that number, zero is never.
/// Answers: <c>ID</c>, or <c>failed KIND CHARGED</c>.
/// </summary>
internal static class CommandPlayer
{
    public static async Task<int> PlayAsync()
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            Console.WriteLine(await RunAsync(words[0], words[1], words[2],
                int.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture)));
        }
        return 0;
    }

    private static async Task<string> RunAsync(string verb, string home, string key, int killAt)
    {
        var lines = 0;
        using var listening = TraceSubscription.Start((_, _) =>
        {
            if (Interlocked.Increment(ref lines) == killAt)
                Process.GetCurrentProcess().Kill();
        });
        var settings = OmniSettings.FromEnvironment(
            name => name == "OMNI_HOME" ? home : Environment.GetEnvironmentVariable(name));
        await using var client = new OmniClient(settings, TestSettings.Options with { Randomizer = () => 0 });
        try
        {
            var task = verb == "submit"
                ? await client.SubmitAsync(new VideoRequest { Prompt = "prompt of " + key, RequestKey = key })
                : await client.GetTaskAsync(key);
            return task.Id ?? task.Status.ToString();
        }
        catch (OmniException failure)
        {
            return $"failed {failure.Kind} {failure.Charged}";
        }
    }
}
