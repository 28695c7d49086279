using OmniTools.Mcp.Protocol;
using OmniTools.Saving;

namespace OmniTools.Mcp.Tools;

/// <summary>Reports the progress of downloads, at most once a second, in order, with increasing numbers.</summary>
internal sealed class SaveProgressReporter(ToolCall call, CancellationToken cancellationToken) : IProgress<SaveProgress>
{
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan MinimumInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private DateTimeOffset? reportedAt;
    private float last = -1;
    private Task sent = Task.CompletedTask;

    public void Report(SaveProgress value)
    {
        lock (gate)
        {
            var now = call.Session.TimeProvider.GetUtcNow();
            if (now - reportedAt < MinimumInterval)
                return;
            reportedAt = now;
            var percent = value.Total is > 0 and var total ? value.Received * 100f / total : 0;
            // Every video starts at 0 again, but the protocol requires every number to be greater than the last.
            last = percent > last ? percent : last + ((100 - last) * 0.005f);
            sent = SendAsync(sent, last, Message(value));
        }
    }

    /// <summary>Completes when every report has been sent.</summary>
    public Task AllSentAsync()
    {
        lock (gate)
            return sent;
    }

    private async Task SendAsync(Task before, float percent, string message)
    {
        await before;
        await call.ReportAsync(percent, message, cancellationToken);
    }

    private static string Message(SaveProgress value) =>
        $"{Path.GetFileName(value.Path)}: {value.Received / Megabyte:0.0}"
        + (value.Total is { } total ? $" of {total / Megabyte:0.0} MB" : " MB");
}
