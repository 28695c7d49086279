using System.Globalization;

namespace OmniTools.Benchmarks;

/// <summary>
/// One measured figure. <paramref name="Most"/> or <paramref name="Least"/> is its target; neither: a counterpart,
/// there to compare with.
/// </summary>
/// <param name="What">What was measured.</param>
/// <param name="Against">Its counterpart of the same run; empty where the figure stands for itself.</param>
/// <param name="Measured">The ratio to the counterpart, or the value in <paramref name="Unit"/>; null where this
/// machine cannot give it.</param>
internal sealed record Figure(string What, string Against, double? Measured, string Unit = "", double? Most = null,
    double? Least = null, string Note = "")
{
    public bool? IsMet => Measured is not { } value || (Most is null && Least is null)
        ? null
        : value <= (Most ?? double.MaxValue) && value >= (Least ?? double.MinValue);

    /// <summary>A figure that this machine cannot give, and why.</summary>
    public static Figure Skipped(string what, string against, string why) =>
        new(what, against, null, Note: "SKIPPED: " + why);

    /// <summary>The ratio of two medians of the same run.</summary>
    public static Figure Ratio(string what, string against, IEnumerable<double> ours, IEnumerable<double> theirs,
        string unit, double most, string note) =>
        Ratio(what, against, Median(ours), Median(theirs), unit, most, note);

    /// <summary>The ratio of two values of the same run.</summary>
    public static Figure Ratio(string what, string against, double ours, double theirs, string unit, double most,
        string note) =>
        new(what, against, ours / theirs, Most: most,
        Note: string.Create(CultureInfo.InvariantCulture, $"{ours:0.###} {unit} to {theirs:0.###} {unit}; {note}"));

    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The value below which a part of the values lies.</summary>
    public static double Quantile(IEnumerable<double> values, double part)
    {
        var ordered = values.Order().ToArray();
        var at = part * (ordered.Length - 1);
        var (below, above) = (ordered[(int)Math.Floor(at)], ordered[(int)Math.Ceiling(at)]);
        return below + ((above - below) * (at - Math.Floor(at)));
    }

    public static string Text(double? value) =>
        value is { } number ? number.ToString(number < 10 ? "0.00" : "0.#", CultureInfo.InvariantCulture) : "";
}
