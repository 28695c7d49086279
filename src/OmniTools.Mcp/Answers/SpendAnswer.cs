using System.Globalization;
using System.Text.Json.Serialization;
using OmniTools.Spending;

namespace OmniTools.Mcp.Answers;

/// <summary>What was bought today, against the limits.</summary>
internal sealed class SpendAnswer
{
    public required int Videos { get; init; }
    public required decimal Credits { get; init; }
    public int? MaxVideos { get; init; }
    public decimal? MaxCredits { get; init; }
    public required DateTimeOffset ResetsAt { get; init; }

    [JsonIgnore]
    public bool IsSandbox { get; init; }

    public static SpendAnswer From(SpendReport report) => new()
    {
        Videos = report.Videos,
        Credits = report.Credits,
        MaxVideos = report.MaxVideos,
        MaxCredits = report.MaxCredits,
        ResetsAt = report.ResetsAt,
        IsSandbox = report.IsSandbox,
    };

    public string Sentence => string.Create(CultureInfo.InvariantCulture,
        $"Today (UTC){(IsSandbox ? ", in the sandbox" : "")}: {Videos} {(Videos == 1 ? "video" : "videos")} ({(MaxVideos is null ? "no limit" : $"limit {MaxVideos}")}), {Credits:0.##} credits ({(MaxCredits is null ? "no limit" : $"limit {MaxCredits:0.##}")}).");
}
