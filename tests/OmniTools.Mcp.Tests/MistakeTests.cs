using System.Diagnostics;
using System.Text;
using ModelContextProtocol;
using OmniTools.Configuration;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// Assistants make mistakes. Mistakes.md holds the malformed and unwise calls with the exact answers; a changed answer
/// shows up here and in review. <c>OMNI_UPDATE_MISTAKES=1</c> writes the answers anew.
/// </summary>
public sealed class MistakeTests
{
    private readonly NoonTimeProvider clock = new();
    private readonly TestTimeProvider providerClock = new();
    private readonly Dictionary<string, string> names = [];

    private ServerFixture? server;

    [Fact]
    public async Task Every_mistake_gets_the_approved_answer_and_the_provider_sold_what_was_intended()
    {
        var path = Path.Combine(Repository.TestFolder, "Mistakes.md");
        var approved = await File.ReadAllTextAsync(path);
        var (head, blocks) = Mistakes.Parse(approved);
        await StartAsync("sandbox");

        var text = new StringBuilder(head);
        foreach (var block in blocks)
            text.Append(Mistakes.Show(block, await AnswerAsync(block.Call)));
        await EndAsync();

        if (Environment.GetEnvironmentVariable("OMNI_UPDATE_MISTAKES") == "1")
            await File.WriteAllTextAsync(path, text.ToString());
        else
            Assert.Equal(approved, text.ToString());
        Assert.True(blocks.Count >= 100, $"{blocks.Count} calls");
    }

    private async Task StartAsync(string name)
    {
        server = await ServerFixture.StartAsync(settings => Settings(settings, name), Client, timeProvider: clock);
        var photos = Directory.CreateDirectory(Path.Combine(server.OutputRoot, "photos"));
        await File.WriteAllBytesAsync(Path.Combine(photos.FullName, "dog.png"),
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0]);
    }

    /// <summary>What the ledger knows as accepted is what the provider sold, and nothing twice.</summary>
    private async Task EndAsync()
    {
        var tasks =
            server!.Session.Client.ListTasks().Where(task => task.Id is not null).Select(task => task.RequestKey)
            .ToList();
        Assert.Equal(tasks.Count, Directory.Exists(Sold(server.Settings))
            ? Directory.GetFiles(Sold(server.Settings), "*.json").Length : 0);
        Assert.Equal(tasks.Count, tasks.Distinct().Count());
        await server.DisposeAsync();
    }

    private async Task<string> AnswerAsync(string call)
    {
        if (call == Mistakes.TimePasses)
        {
            providerClock.Advance(TimeSpan.FromHours(1));
            clock.Advance(TimeSpan.FromHours(1));
            return "(what was running has ended)";
        }
        if (call.StartsWith(Mistakes.NewServer, StringComparison.Ordinal))
        {
            await EndAsync();
            await StartAsync(call[Mistakes.NewServer.Length..]);
            return "(a new server)";
        }
        var (times, once) = Mistakes.Repeated(call);
        foreach (var (id, name) in names)
            once = once.Replace($"\"{name}\"", $"\"{id}\"", StringComparison.Ordinal);
        var end = once.IndexOf(' ', StringComparison.Ordinal);
        var answer = "";
        for (var i = 0; i < times; i++)
            answer = await AnswerOnceAsync(server!, once[..end], once[(end + 1)..]);
        return Mistakes.Settled(answer, Path.GetDirectoryName(server!.OutputRoot)!, names);
    }

    private static async Task<string> AnswerOnceAsync(ServerFixture server, string tool, string arguments)
    {
        try
        {
            var result = await server.CallAsync(tool, arguments);
            return (result.IsError == true ? "refused: " : "answered: ") + ServerFixture.Text(result);
        }
        catch (McpProtocolException refused)
        {
            return $"protocol error {(int)refused.ErrorCode}: {refused.Message}";
        }
    }

    /// <summary>Where the provider keeps what it sold, a file each.</summary>
    private static string Sold(OmniSettings settings) => Path.Combine(settings.Home, "provider");

    private static OmniSettings Settings(OmniSettings settings, string name) => name switch
    {
        "sandbox" => settings with
        {
            DefaultProvider = "toapis",
            MaxVideosPerDay = "8",
            Providers = Keys("toapis", "apimart"),
        },
        "both keys" => settings with { IsSandbox = false, Providers = Keys("toapis", "apimart") },
        "both keys, 2 clips a day" => Settings(settings, "both keys") with { MaxVideosPerDay = "2" },
        "toapis only" => settings with { IsSandbox = false, Providers = Keys("toapis") },
        "no key" => settings with { IsSandbox = false },
        _ => throw new ArgumentException($"There is no such server: {name}.", nameof(name)),
    };

    private static Dictionary<string, ProviderSettings> Keys(params string[] ids) =>
        ids.ToDictionary(id => id, id => new ProviderSettings
        {
            Key = new("no-key-needed-offline"),
            KeySource = id.ToUpperInvariant() + "_API_KEY",
        });

    private OmniClient Client(OmniSettings settings) => new(settings, TestSettings.Options with
    {
        Handler = new FaultyProvider(new(new()
        {
            Folder = Sold(settings),
            TimeProvider = providerClock,
            Duration = TimeSpan.FromSeconds(10)
        })),
        TimeProvider = clock,
        Randomizer = () => 0,
    });

    /// <summary>Runs as the system's clock does, from noon on: the day of the limits does not end.</summary>
    private sealed class NoonTimeProvider : TimeProvider
    {
        private readonly long began = Stopwatch.GetTimestamp();
        private TimeSpan advanced;

        public override DateTimeOffset GetUtcNow() => Noon + Stopwatch.GetElapsedTime(began) + advanced;

        /// <summary>Moves the time on; what already waits is not woken.</summary>
        public void Advance(TimeSpan by) => advanced += by;
    }
}
