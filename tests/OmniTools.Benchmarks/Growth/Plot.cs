using System.Globalization;
using System.Text;

namespace OmniTools.Benchmarks.Growth;

/// <summary>Milliseconds against records, both axes logarithmic, as an SVG that reads on light and dark pages.</summary>
internal static class Plot
{
    private const int Width = 720, Height = 400, Left = 70, Right = 170, Top = 20, Bottom = 50;
    private static readonly string[] Colours = ["#0969da", "#1a7f37", "#bf8700", "#cf222e", "#8250df"];

    public static string Draw(IReadOnlyList<GrowthFigures.Cost> costs)
    {
        var (least, most) = (Math.Floor(Math.Log10(costs.Min(cost => cost.Milliseconds))), Math.Ceiling(Math.Log10(costs.Max(cost => cost.Milliseconds))));
        var (first, last) = (Math.Log10(costs.Min(cost => cost.Records)), Math.Log10(costs.Max(cost => cost.Records)));
        double X(double records) => Left + ((Math.Log10(records) - first) / (last - first) * (Width - Left - Right));
        double Y(double milliseconds) => Height - Bottom - ((Math.Log10(milliseconds) - least) / (most - least) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#656d76\">\n<title>Milliseconds against ledger records</title>\n");
        for (var power = least; power <= most; power++)
            Add(svg, $"<path d=\"M{Left} {Y(Math.Pow(10, power)):0.#}H{Width - Right}\" stroke=\"#8c959f\" stroke-opacity=\".3\"/><text x=\"{Left - 8}\" y=\"{Y(Math.Pow(10, power)) + 4:0.#}\" text-anchor=\"end\">{Math.Pow(10, power):N0} ms</text>\n");
        foreach (var records in costs.Select(cost => cost.Records).Distinct())
            Add(svg, $"<text x=\"{X(records):0.#}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{records:N0}</text>\n");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">records in the ledger</text>\n");

        var labels = new List<double>();
        foreach (var (line, colour) in costs.GroupBy(cost => cost.Verb).OrderBy(line => Y(line.Last().Milliseconds)).Zip(Colours))
        {
            Add(svg, $"<polyline points=\"{string.Join(' ', line.Select(cost => Invariant($"{X(cost.Records):0.#},{Y(cost.Milliseconds):0.#}")))}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
            foreach (var cost in line)
                Add(svg, $"<circle cx=\"{X(cost.Records):0.#}\" cy=\"{Y(cost.Milliseconds):0.#}\" r=\"3\" fill=\"{colour}\"/>\n");
            // Labels of lines that end at the same height stand below each other.
            labels.Add(Math.Max(Y(line.Last().Milliseconds) + 4, labels.Count == 0 ? 0 : labels[^1] + 15));
            Add(svg, $"<text x=\"{Width - Right + 10}\" y=\"{labels[^1]:0.#}\" fill=\"{colour}\">{line.Key}</text>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(Invariant(text));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
