using OmniTools.Mcp.Status;

namespace OmniTools.Mcp.Commands;

/// <summary>Prints in about ten lines what is configured and, if something is missing, what to set.</summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync()
    {
        await using var session = ServeCommand.NewSession();
        var status = await StatusReport.CreateAsync(session, CancellationToken.None);
        await Console.Out.WriteLineAsync($"OmniTools MCP server {Product.Version}");
        foreach (var line in StatusReport.ToLines(status).Where(line => !line.StartsWith(' ')))
            await Console.Out.WriteLineAsync(line);
        // A shared ledger was already checked; its error is printed above.
        var homeWorks = session.Settings.Ledger is not null
            ? status.Spend is not null
            : Writable(null, session.Settings.Home, "OMNI_HOME");
        var rootWorks = Writable("Videos", session.Root.Folder, "OMNI_OUTPUT_ROOT");
        if (!status.Ready)
            await Console.Out.WriteLineAsync(
                "Not ready: correct what is said above. OMNI_SANDBOX=1 lets you try everything without a key.");
        else if (homeWorks && rootWorks)
            await Console.Out.WriteLineAsync("Ready.");
        return status.Ready && homeWorks && rootWorks ? 0 : 1;
    }

    // Without a label only a failure is printed.
    private static bool Writable(string? label, string folder, string variable)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, $".check-{Guid.NewGuid():N}");
            File.Create(file, 1, FileOptions.DeleteOnClose).Dispose();
            if (label is not null)
                Console.Out.WriteLine($"{label}: {folder} (writable)");
            return true;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Console.Out.WriteLine($"{label ?? variable}: {folder} cannot be written to ({failure.Message}). "
                + $"Set {variable} to a folder of your own.");
            return false;
        }
    }
}
