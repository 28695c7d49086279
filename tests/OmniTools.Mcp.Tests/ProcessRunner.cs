using System.Diagnostics;

namespace OmniTools.Mcp.Tests;

/// <summary>Runs a program to its end, within a time limit.</summary>
internal static class ProcessRunner
{
    /// <summary>
    /// Returns the exit code and the output, errors last. Throws when the program takes longer, or when a child of it
    /// keeps its output open.
    /// </summary>
    public static async Task<(int Code, string Output)> RunAsync(ProcessStartInfo start, TimeSpan limit)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(limit);
        using var process = Process.Start(start)!;
        try
        {
            // Awaited separately, because reading a pipe cannot be cancelled.
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(over.Token);
            return (process.ExitCode, await output.WaitAsync(over.Token) + await errors.WaitAsync(over.Token));
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} {(process.HasExited ? "left its output "
                    + $"open" : "did not end")} for {limit.TotalSeconds} s."
            );
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
