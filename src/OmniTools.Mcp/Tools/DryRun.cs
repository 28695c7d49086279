using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Session;
using OmniTools.Spending;
using OmniTools.Submitting;

namespace OmniTools.Mcp.Tools;

/// <summary>
/// The result of <c>generate_video</c> with <c>dry_run</c>: the exact request body, the estimate and today's spending.
/// </summary>
internal static class DryRun
{
    private const int LongestText = 2000;

    public static CallToolResult CreateResult(SubmissionPlan plan, ServerSession session)
    {
        var isSandbox = session.Settings.IsSandbox;
        var spend = SpendingResult.From(plan.Spend);
        List<string> warnings =
        [
            .. plan.Warnings,
            .. new[]
            {
                BalanceWarning(plan, session),
                session.CatalogWarning,
                plan.ModelEnd is { } end && session.TryAnnounce(end) ? $"{end}" : null,
            }.OfType<string>(),
        ];
        var answer = new GenerateVideoResult("dry_run", plan.RequestKey, Next(plan, isSandbox), Plan: new(
            plan.Provider, plan.Model, ShortenReferences(plan.Body), plan.Seconds, plan.EstimatedCredits,
            plan.EstimatedUsd, plan.ProviderCredits, Price(plan),
            RefusedBecause: plan.Error is { } refusal ? ResultJson.ToSnakeCase(refusal.Kind.ToString()) : null,
            spend, isSandbox, warnings.NullIfEmpty()));
        return ToolResult.Create(answer, ResultJson.Default.GenerateVideoResult, string.Join('\n',
            [$"Nothing was sent or billed. {Verdict(plan, isSandbox)}", spend.Sentence, .. warnings,
            $"Next: {answer.Next}"]));
    }

    private static string Verdict(SubmissionPlan plan, bool isSandbox) =>
        plan switch
        {
            { Error: { } refusal } => $"Would be refused: {Reason(refusal, plan)}.",
            { Existing: { } task } => "This request_key is known: the call would buy nothing and return task "
                + $"{task.Reference}, {task.Status.ToWireName()}.",
            _ when isSandbox => "This is the sandbox: the clip would be a stand-in and cost no money. A real one at "
                + $"{plan.Provider} / {plan.Model}: {Price(plan)}.",
            _ => $"{plan.Provider} / {plan.Model} would make 1 clip: {Price(plan)}.",
        };

    private static string Price(SubmissionPlan plan) =>
        Money.Price(plan.EstimatedCredits, ModelCatalog.Provider(plan.Provider)) + plan.PriceSource switch
        {
            PriceSource.PriceTable when plan.PriceDate is { } date => $", by the prices of {date:yyyy-MM-dd}",
            PriceSource.PaidBefore => ", the most paid for such a clip so far",
            _ => "",
        };

    private static string Reason(OmniException refusal, SubmissionPlan plan) =>
        refusal is { Kind: OmniErrorKind.LimitReached, RetryAt: { } at }
        ? $"{Limit(refusal, plan)} reached, resets {at:HH:mm} UTC. {refusal.Summary.TrimEnd('.')}"
        : refusal.Summary.TrimEnd('.');

    private static string Limit(OmniException refusal, SubmissionPlan plan) => refusal.Field switch
    {
        "OMNI_MAX_VIDEOS_PER_DAY" => $"limit {plan.Spend.MaxVideos}",
        "OMNI_MAX_USD_PER_DAY" => $"limit ${plan.Spend.MaxUsd:0.00##}",
        _ => $"limit {Money.FormatCredits(plan.Spend.MaxCredits ?? 0)}",
    };

    // A call that would be rejected is not suggested.
    private static string Next(SubmissionPlan plan, bool isSandbox) => plan switch
    {
        { Error: { Kind: OmniErrorKind.DuplicateRequest, RequestKey: { } key } duplicate } =>
            NextStep.ForDuplicate(duplicate, key),
        { Error: { } refusal } => $"nothing to call now. {refusal.NextStep?.TrimEnd('.')}",
        { Existing: { } task } => SuggestedCall.ForTask(task),
        _ when !isSandbox && plan.EstimatedCredits is null =>
            "ask the user, for the price is unknown; then the same call without dry_run",
        _ => "the same call without dry_run",
    };

    private static string? BalanceWarning(SubmissionPlan plan, ServerSession session) =>
        plan.EstimatedCredits is { } price
        && session.Observations.FindBalance(plan.Provider) is { } balance
        && price > balance
            ? $"The estimate is more than the balance at {plan.Provider}: {Money.FormatCredits(balance)}."
            : null;

    // The body can contain a reference video: megabytes that no assistant should read.
    private static JsonElement ShortenReferences(string body)
    {
        var node = JsonNode.Parse(body)!;
        foreach (var leaf in Leaves(node).ToList())
        {
            if (leaf.TryGetValue<string>(out var text) && text.Length > LongestText
                && text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
                leaf.ReplaceWith($"{text[..40]}… ({text.Length} characters)");
        }
        return JsonElement.Parse(node.ToJsonString(ResultJson.RelaxedOptions));
    }

    private static IEnumerable<JsonValue> Leaves(JsonNode? node) => node switch
    {
        JsonObject each => each.SelectMany(property => Leaves(property.Value)),
        JsonArray each => each.SelectMany(Leaves),
        JsonValue leaf => [leaf],
        _ => [],
    };
}
