using System.Globalization;
using OmniTools.Mcp.Protocol;
using OmniTools.Saving;

namespace OmniTools.Mcp.Tools;

/// <summary>Tells how far a transfer is: at once, then at most once a second, one message after the other, always a greater number.</summary>
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
            // Of several videos each begins at nothing again, and the protocol wants every number greater than the one before.
            last = percent > last ? percent : last + ((100 - last) * 0.005f);
            sent = SendAsync(sent, last, Message(value));
        }
    }

    /// <summary>Completes when nothing is on its way any more.</summary>
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

    private static string Message(SaveProgress value) => string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFileName(value.Path)}: {value.Received / Megabyte:0.0}{(value.Total is { } total ? $" of {total / Megabyte:0.0}" : "")} MB");
}
