using System.Text.Json;

namespace OmniTools.Mcp.Results;

/// <summary>What <c>generate_video</c> returns.</summary>
internal sealed class GenerateVideoResult
{
    public required string Status { get; init; }
    public required string RequestKey { get; init; }
    public required string Next { get; init; }
    public VideoTaskResult? Task { get; init; }
    public SubmissionPlanResult? Plan { get; init; }
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>What submitting would do.</summary>
internal sealed class SubmissionPlanResult
{
    public required string Provider { get; init; }
    public required string Model { get; init; }
    public required JsonElement Body { get; init; }
    public int? Seconds { get; init; }
    public decimal? EstimatedCredits { get; init; }
    public decimal? EstimatedUsd { get; init; }
    public decimal? ProviderCredits { get; init; }
    public required string EstimatedPrice { get; init; }
    public string? RefusedBecause { get; init; }
    public required SpendingResult Spend { get; init; }
    public required bool IsSandbox { get; init; }
    public IReadOnlyList<string>? Warnings { get; init; }
}
