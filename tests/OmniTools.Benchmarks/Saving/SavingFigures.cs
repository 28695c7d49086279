using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;

namespace OmniTools.Benchmarks;

/// <summary>512 MB from loopback: saved with its hash, by curl, by a bare HttpClient; by turns, so that all meet the same machine.</summary>
internal static class SavingFigures
{
    private const int Rounds = 7;

    private sealed record Fetched(double Seconds, double Process, double PeakMegabytes, string Sha256);

    public static async Task<int> RunAsync(string parent)
    {
        using var server = Child.Self("serve");
        var address = await server.SaysAsync();
        using var http = new HttpClient();
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"omnitools-benchmark-{Environment.ProcessId}")).FullName;
        try
        {
            // The file is made by the first request for it.
            await FetchAsync("plain", address, folder);
            var hasCurl = await HasCurlAsync();
            var (curl, ways) = (new List<double>(), new Dictionary<string, List<Fetched>> { ["save"] = [], ["cold"] = [], ["hash"] = [], ["plain"] = [] });
            for (var round = 0; round < Rounds; round++)
            {
                // Each in turn is first, into a folder that is empty for all.
                string[] turns = ["save", "curl", "cold", "hash", "plain"];
                foreach (var way in turns.Skip(round % turns.Length).Concat(turns.Take(round % turns.Length)))
                {
                    if (way != "curl")
                        ways[way].Add(await FetchAsync(way, address, folder));
                    else if (hasCurl)
                        curl.Add((await Child.RunAsync("curl", "-s", "-o", Path.Combine(folder, "curl.mp4"), address + "/files/whole.mp4")).Seconds);
                    Clear(folder);
                }
            }
            double Of(string way) => Figure.Median(ways[way].Select(each => each.Seconds));
            return Figure.Publish("saving",
            [
                hasCurl
                    ? new("saved with hash, as a part of curl's time", Of("save") / Figure.Median(curl), "", Most: 0.8, Note: $"medians of {Rounds}, by turns, into {parent}; curl neither hashes nor flushes to disk")
                    : Figure.Skipped("saved with hash, as a part of curl's time", "there is no curl on this machine"),
                .. hasCurl ? [new Figure("the same of the best times", ways["save"].Min(each => each.Seconds) / curl.Min(), "", Note: "least disturbed by what else the machine does"), new Figure("curl", Figure.Median(curl), "s", Note: "the process from start to exit")] : Array.Empty<Figure>(),
                new("saved with hash", Of("save"), "s", Note: "SaveAsync in a process that has saved a small clip before, flushed to disk"),
                new("saved with hash, first of its process", Of("cold"), "s", Note: "SaveAsync in a process just started"),
                new("saved with hash, the whole process", Figure.Median(ways["cold"].Select(each => each.Process)), "s", Note: "with the start of the runtime"),
                new("HttpClient with hash", Of("hash"), "s", Note: "not flushed to disk"),
                new("HttpClient without hash", Of("plain"), "s", Note: "not flushed to disk"),
                new("peak memory of the saving process", ways["save"].Concat(ways["cold"]).Max(each => each.PeakMegabytes), "MB", Most: 64, Note: "VmHWM of the child process, the runtime included"),
                new("peak memory, HttpClient with hash", ways["hash"].Max(each => each.PeakMegabytes), "MB", Note: "likewise: what the runtime alone takes"),
                .. await CutAsync(http, address, folder, ways["hash"][0].Sha256),
            ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> CutAsync(HttpClient http, string address, string folder, string expected)
    {
        const int seed = 20;
        await http.GetStringAsync(new Uri($"{address}/cuts/{seed}"));
        await http.GetStringAsync(new Uri(address + "/sent"));
        var cut = await FetchAsync("cut", address, folder);
        var sent = long.Parse(await http.GetStringAsync(new Uri(address + "/sent")), CultureInfo.InvariantCulture);
        await using var file = File.OpenRead(Path.Combine(folder, "save.mp4"));
        var isSame = cut.Sha256 == expected && Convert.ToHexString(await SHA256.HashDataAsync(file)).Equals(expected, StringComparison.OrdinalIgnoreCase);
        return
        [
            new($"cut at {LeanServer.Cuts} random places: transferred", (double)sent / LeanServer.FileBytes, "of file", Most: 1.02, Note: "what the server handed to its sockets; every second cut a reset"),
            new($"cut at {LeanServer.Cuts} random places: identical", isSame ? 1 : 0, "", Least: 1),
        ];
    }

    private static async Task<Fetched> FetchAsync(string way, string address, string folder)
    {
        var (process, output) = await Child.RunSelfAsync("fetch", way, address, folder);
        var parts = output.Split(' ');
        return new(double.Parse(parts[0], CultureInfo.InvariantCulture), process, double.Parse(parts[1], CultureInfo.InvariantCulture) / 1024, parts[2]);
    }

    private static void Clear(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            File.Delete(file);
    }

    private static async Task<bool> HasCurlAsync()
    {
        try
        {
            await Child.RunAsync("curl", "--version");
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
