namespace OmniTools.PowerShell.Progress;

/// <summary>The content of one bar.</summary>
/// <param name="Key">What it is about.</param>
/// <param name="Status">Its line.</param>
/// <param name="Percent">How far, 0 to 100; null: not known.</param>
/// <param name="SecondsLeft">How long still; null: not known.</param>
internal sealed record ProgressLine(string Key, string Status, int? Percent, int? SecondsLeft = null);
