using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace OmniTools.Diagnostics;

/// <summary>
/// Publishes what Core does through a <see cref="DiagnosticListener"/> named <see cref="SourceName"/>. An event's name
/// is a <see cref="TraceLevel"/>, its value a line of text. Without a subscriber a line costs nothing.
/// </summary>
public static class OmniTrace
{
    /// <summary>The name of the <see cref="DiagnosticListener"/>.</summary>
    public const string SourceName = "OmniTools";

    private static readonly DiagnosticListener Source = new(SourceName);

    internal static bool IsOn => Source.IsEnabled();

    internal static void Verbose(string line) => Write(TraceLevel.Verbose, line);

    internal static void Debug(string line) => Write(TraceLevel.Debug, line);

    internal static IDisposable Subscribe(IObserver<KeyValuePair<string, object?>> observer) =>
        Source.Subscribe(observer);

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The value is a string.")]
    private static void Write(TraceLevel level, string line)
    {
        if (!IsOn)
            return;
        try
        {
            Source.Write(level.ToString(), line);
        }
        catch (Exception)
        {
            // A subscriber that fails must not stop a purchase from being recorded.
        }
    }
}
