using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Sandbox.Protocol;

namespace OmniTools.Sandbox.Providers;

/// <summary>
/// Reads a submission by the rules of the catalog, and chooses the sample that is nearest to what it asks for.
/// </summary>
internal static class OrderReader
{
    /// <summary>The resolution that the samples stand for.</summary>
    private const string SampleResolution = "720p";

    /// <summary>The order; a body that the catalog does not allow is refused.</summary>
    public static SandboxSubmission Read(ProviderSpec provider, BodyFields body, params string[] otherFields)
    {
        var rules = provider.Rules(body.GetRequiredText("model"), out var isKnown);
        return isKnown ? ReadKnown(provider, rules, body, otherFields) : new(body.GetRequiredText("model"),
            body.GetText("prompt"))
        {
            IsPortrait = IsPortrait(body.GetText("aspect_ratio")),
            Seconds = SampleSeconds(body.GetInteger("duration")),
            ExtendFrom = body.GetText("extend_from_task_id"),
        };
    }

    private static SandboxSubmission ReadKnown(ProviderSpec provider, ModelSpec rules, BodyFields body,
        string[] otherFields)
    {
        try
        {
            var request = WireBodyReader.Read(body.Json, rules, [.. otherFields, "model"]);
            var check = RequestCheck.Check(request, provider, rules.Id);
            return new(body.GetRequiredText("model"), request.Prompt)
            {
                IsPortrait = IsPortrait(check.AspectRatio),
                Seconds = SampleSeconds(check.Duration),
                SampleNote = DescribeSample(check),
                Cost = PriceEstimate.InDollars(check) ?? 1.0m,
                ExtendFrom = request.ExtendFrom,
            };
        }
        catch (InvalidBodyException invalid)
        {
            throw SandboxHttpException.Invalid(invalid.Message);
        }
        catch (OmniException refused)
        {
            throw SandboxHttpException.Invalid(
                $"{WireName(rules, refused.Field)}: {refused.Summary}, allowed: {refused.Allowed}");
        }
    }

    private static string? DescribeSample(CheckedRequest check)
    {
        var (isPortrait, seconds) = (IsPortrait(check.AspectRatio), SampleSeconds(check.Duration));
        var differences = new List<string>();
        if (check.Duration is { } duration && duration != seconds)
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"{duration} s"));
        if (check.AspectRatio is { } ratio && ratio is not ("16:9" or "9:16"))
            differences.Add(ratio);
        if (check.Resolution is { } resolution
            && !resolution.Equals(SampleResolution, StringComparison.OrdinalIgnoreCase))
            differences.Add(resolution);
        return differences.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"a {(isPortrait ? "9:16" : "16:9")} sample of {seconds} s in place of {string.Join(", ", differences)}");
    }

    private static bool IsPortrait(string? ratio) =>
        ratio?.Split(':') is [var width, var height]
        && int.TryParse(width, CultureInfo.InvariantCulture, out var x)
        && int.TryParse(height, CultureInfo.InvariantCulture, out var y) && y > x;

    private static int SampleSeconds(int? requested) => requested > 8 ? 10 : 6;

    private static string WireName(ModelSpec rules, string? errorField) =>
        CatalogFields.WireOf(
            CatalogFields.Fields.FirstOrDefault(field => field.ErrorField == errorField)?.FindSpec(rules))
        ?? errorField ?? "The request";
}
