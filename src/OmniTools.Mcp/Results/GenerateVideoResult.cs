using System.Text.Json;

namespace OmniTools.Mcp.Results;

/// <summary>What <c>generate_video</c> returns.</summary>
internal sealed record GenerateVideoResult(
    string Status, string RequestKey, string Next, VideoTaskResult? Task = null, SubmissionPlanResult? Plan = null,
    IReadOnlyList<string>? Warnings = null);

/// <summary>What submitting would do.</summary>
internal sealed record SubmissionPlanResult(
    string Provider, string Model, JsonElement Body, int? Seconds, decimal? EstimatedCredits, decimal? EstimatedUsd,
    decimal? ProviderCredits, string EstimatedPrice, string? RefusedBecause, SpendingResult Spend, bool IsSandbox,
    IReadOnlyList<string>? Warnings);
