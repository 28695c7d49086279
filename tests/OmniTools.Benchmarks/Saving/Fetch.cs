using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using OmniTools.Benchmarks.Lean;
using OmniTools.VideoTasks;

namespace OmniTools.Benchmarks.Saving;

/// <summary>
/// One transfer of the file in a process of its own: says seconds, peak memory in KB (VmHWM) and the hash.
/// </summary>
internal static class Fetch
{
    public static async Task<int> RunAsync(string way, string address, string folder)
    {
        var (seconds, sha256) = way switch
        {
            "save" => await SaveAsync(address, folder, "whole", isWarm: true),
            "cut" => await SaveAsync(address, folder, "cut", isWarm: false),
            _ => await BareAsync(address, folder, way == "hash"),
        };
        Console.WriteLine(FormattableString.Invariant($"{seconds} {Peak()} {sha256}"));
        return 0;
    }

    private static async Task<(double Seconds, string Sha256)> SaveAsync(string address, string folder, string file,
        bool isWarm)
    {
        await using var desk = new LeanClient(address);
        if (isWarm)
            await desk.Client.SaveVideosAsync(await MadeAsync("small"),
                new() { Folder = folder, Template = "small.mp4" });
        var task = await MadeAsync(file);
        var began = Stopwatch.GetTimestamp();
        var saved = await desk.Client.SaveVideosAsync(task, new() { Folder = folder, Template = "save.mp4" });
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, saved[0].Sha256);

        async Task<VideoTask> MadeAsync(string name)
        {
            var task = await desk.AcceptAsync($"{LeanServer.IdOf(DateTimeOffset.UtcNow.AddMinutes(-1), 0)}_{name}",
                DateTimeOffset.UtcNow.AddMinutes(-2));
            return await desk.Client.GetTaskAsync(task.Id!);
        }
    }

    private static async Task<(double Seconds, string Sha256)> BareAsync(string address, string folder, bool hashes)
    {
        using var http = new HttpClient();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        var began = Stopwatch.GetTimestamp();
        await using (var body = await http.GetStreamAsync(new Uri(address + "/files/whole.mp4")))
        await using (var file = File.Create(Path.Combine(folder, "bare.mp4")))
        {
            for (int read; (read = await body.ReadAsync(buffer)) > 0;)
            {
                await file.WriteAsync(buffer.AsMemory(0, read));
                if (hashes)
                    hash.AppendData(buffer, 0, read);
            }
        }
        return (Stopwatch.GetElapsedTime(began).TotalSeconds,
            hashes ? Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant() : "-");
    }

    public static string Peak() => File.Exists("/proc/self/status")
        ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
        .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]
        : (Process.GetCurrentProcess().PeakWorkingSet64 / 1024).ToString(CultureInfo.InvariantCulture);
}
