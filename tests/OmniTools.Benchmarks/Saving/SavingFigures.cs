using System.Globalization;
using System.Security.Cryptography;
using OmniTools.Benchmarks.Lean;

namespace OmniTools.Benchmarks.Saving;

/// <summary>
/// 512 MB from loopback: saved with its hash, by curl, by a bare HttpClient; by turns, so that all meet the same
/// machine.
/// </summary>
internal static class SavingFigures
{
    private const int Rounds = 7;

    private sealed record Fetched(double Seconds, double PeakMegabytes, string Sha256);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        // In memory where there is such a folder: a disk's own speed would hide what a transfer costs.
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        using var server = Child.Self("serve");
        var address = await server.ReadLineAsync();
        using var http = new HttpClient();
        var folder =
            Directory.CreateDirectory(Path.Combine(parent, $"omnitools-benchmark-{Environment.ProcessId}")).FullName;
        try
        {
            return [.. await WholeAsync(address, folder), .. await CutAsync(http, address, folder)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> WholeAsync(string address, string folder)
    {
        const string what = "512 MB saved, hash included";
        var hasCurl = Machine.Find("curl") is not null;
        var fetched = await Comparison.RunAsync(Rounds,
            () => FetchAsync("save", address, folder),
            () => FetchAsync("hash", address, folder),
            () => FetchAsync("plain", address, folder),
            async () => hasCurl ? await CurlAsync(address, folder) : new(0, 0, ""));
        double Of(int contender) => Figure.Median(fetched[contender].Select(each => each.Seconds));
        var note = $"medians of {Rounds}, into {folder[..folder.LastIndexOf(Path.DirectorySeparatorChar)]}";
        return
        [
            hasCurl ? Figure.Ratio(what, "curl, which neither hashes nor flushes", Of(0), Of(3), "s", 0.8,
                note) : Figure.Skipped(what, "curl", "there is no curl on this machine"),
            .. hasCurl ? [new Figure("the same, best of each", "curl",
                fetched[0].Min(each => each.Seconds) / fetched[3].Min(each => each.Seconds),
                Note: "least disturbed by what else the machine does")] : Array.Empty<Figure>(),
            Figure.Ratio(what, "bare HttpClient with the hash on the same thread", Of(0), Of(1), "s", 1, note),
            new("bare HttpClient without hash", "bare HttpClient with it", Of(2) / Of(1)),
            new("peak memory of the saving process", "", fetched[0].Max(each => each.PeakMegabytes), "MB", Most: 64,
                Note: string.Create(CultureInfo.InvariantCulture,
                $"VmHWM; a bare HttpClient's {fetched[1].Max(each => each.PeakMegabytes):0} MB")),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> CutAsync(HttpClient http, string address, string folder)
    {
        const int seed = 20;
        var whole = await FetchAsync("hash", address, folder);
        await http.GetStringAsync(new Uri($"{address}/cuts/{seed}"));
        await http.GetStringAsync(new Uri(address + "/sent"));
        var cut = await RunAsync("cut", address, folder);
        var sent = long.Parse(await http.GetStringAsync(new Uri(address + "/sent")), CultureInfo.InvariantCulture);
        await using var file = File.OpenRead(Path.Combine(folder, "save.mp4"));
        var isSame = cut.Sha256 == whole.Sha256
            && Convert.ToHexString(await SHA256.HashDataAsync(file))
            .Equals(whole.Sha256, StringComparison.OrdinalIgnoreCase);
        return
        [
            new($"cut at {LeanServer.Cuts} random places: transferred", "the file's size",
                (double)sent / LeanServer.FileBytes, Most: 1.02,
                Note: "what the server handed to its sockets; every second cut a reset"),
            new($"cut at {LeanServer.Cuts} random places: identical", "", isSame ? 1 : 0, Least: 1),
        ];
    }

    private static async Task<Fetched> FetchAsync(string way, string address, string folder)
    {
        var fetched = await RunAsync(way, address, folder);
        Clear(folder);
        return fetched;
    }

    private static async Task<Fetched> RunAsync(string way, string address, string folder)
    {
        var parts = (await Child.RunSelfAsync("fetch", way, address, folder)).Output.Split(' ');
        return new(double.Parse(parts[0], CultureInfo.InvariantCulture),
            double.Parse(parts[1], CultureInfo.InvariantCulture) / 1024, parts[2]);
    }

    private static async Task<Fetched> CurlAsync(string address, string folder)
    {
        var (seconds, _) =
            await Child.RunAsync("curl", "-s", "-o", Path.Combine(folder, "curl.mp4"), address + "/files/whole.mp4");
        Clear(folder);
        return new(seconds, 0, "");
    }

    private static void Clear(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            File.Delete(file);
    }
}
