namespace OmniTools.Benchmarks;

/// <summary><c>waiting</c> or <c>saving</c>, for people; the other words are the processes these start.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["waiting"]:
                return await WaitingFigures.RunAsync();
            case ["saving", ..]:
                return await SavingFigures.RunAsync(args.Length > 1 ? args[1] : Path.GetTempPath());
            case ["serve"]:
                LeanServer.Run();
                return 0;
            case ["fetch", var way, var address, var folder]:
                return await Fetch.RunAsync(way, address, folder);
            default:
                await Console.Error.WriteLineAsync("waiting, or saving [FOLDER]: prints one table and writes it as JSON below artifacts/benchmarks");
                return 2;
        }
    }
}
