using System.Diagnostics;

namespace OmniTools.Mcp.Tests;

/// <summary>A program that a test runs to its end, and no longer than it can be expected to take.</summary>
internal static class ProcessRunner
{
    /// <summary>
    /// What it ended with and all it said, errors last. One that takes longer, or leaves its output to another that
    /// does, is an error.
    /// </summary>
    public static async Task<(int Code, string Output)> RunAsync(ProcessStartInfo start, TimeSpan patience)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(patience);
        using var process = Process.Start(start)!;
        try
        {
            // Waited for apart from reading: reading a pipe cannot be cancelled.
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(over.Token);
            return (process.ExitCode, await output.WaitAsync(over.Token) + await errors.WaitAsync(over.Token));
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} {(process.HasExited ? "left its output "
                    + $"open" : "did not end")} for {patience.TotalSeconds} s."
            );
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
