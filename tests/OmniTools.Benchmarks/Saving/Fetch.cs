using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using OmniTools.Benchmarks.Server;
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
            "save" => await SaveAsync(address, folder),
            _ => await BareAsync(address, folder),
        };
        Console.WriteLine(FormattableString.Invariant($"{seconds} {Peak()} {sha256}"));
        return 0;
    }

    private static async Task<(double Seconds, string Sha256)> SaveAsync(string address, string folder)
    {
        await using var client = new BenchmarkClient(address);
        await client.Client.SaveVideosAsync(await CompleteAsync("small"),
            new() { Folder = folder, Template = "small.mp4" });
        var task = await CompleteAsync("whole");
        var began = Stopwatch.GetTimestamp();
        var saved = await client.Client.SaveVideosAsync(task, new() { Folder = folder, Template = "save.mp4" });
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, saved[0].Sha256);

        async Task<VideoTask> CompleteAsync(string file)
        {
            var task = await client.AcceptAsync("video_" + file, DateTimeOffset.UtcNow.AddMinutes(-2));
            return await client.Client.GetTaskAsync(task.Id!);
        }
    }

    private static async Task<(double Seconds, string Sha256)> BareAsync(string address, string folder)
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
                hash.AppendData(buffer, 0, read);
            }
        }
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public static string Peak() => File.Exists("/proc/self/status")
        ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
        .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]
        : (Process.GetCurrentProcess().PeakWorkingSet64 / 1024).ToString(CultureInfo.InvariantCulture);
}
