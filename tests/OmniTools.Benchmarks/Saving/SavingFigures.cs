using System.Globalization;

namespace OmniTools.Benchmarks.Saving;

/// <summary>512 MB from loopback, saved with its hash, beside a bare HttpClient that hashes too.</summary>
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
        var folder =
            Directory.CreateDirectory(Path.Combine(parent, $"omnitools-benchmark-{Environment.ProcessId}")).FullName;
        try
        {
            var fetched = await Comparison.RunAsync(Rounds,
                () => FetchAsync("save", address, folder), () => FetchAsync("bare", address, folder));
            if (fetched.SelectMany(each => each).DistinctBy(each => each.Sha256).Count() != 1)
                throw new InvalidOperationException("The saved file is not the one that was served.");
            return
            [
                Figure.Ratio("512 MB saved and hashed", "a bare HttpClient that hashes too",
                    fetched[0].Select(each => each.Seconds), fetched[1].Select(each => each.Seconds), "s", 1,
                    $"medians of {Rounds}, into {parent}"),
                new("peak memory of the saving process", "", fetched[0].Max(each => each.PeakMegabytes), "MB", Most: 64,
                    Note: string.Create(CultureInfo.InvariantCulture,
                    $"VmHWM; a bare HttpClient's {fetched[1].Max(each => each.PeakMegabytes):0} MB")),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Fetched> FetchAsync(string way, string address, string folder)
    {
        var parts = (await Child.RunSelfAsync("fetch", way, address, folder)).Output.Split(' ');
        foreach (var file in Directory.EnumerateFiles(folder))
            File.Delete(file);
        return new(double.Parse(parts[0], CultureInfo.InvariantCulture),
            double.Parse(parts[1], CultureInfo.InvariantCulture) / 1024, parts[2]);
    }
}
