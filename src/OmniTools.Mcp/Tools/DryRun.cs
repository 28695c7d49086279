using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using OmniTools.Mcp.Answers;
using OmniTools.Submitting;

namespace OmniTools.Mcp.Tools;

/// <summary>The answer to <c>generate_video</c> with <c>dry_run</c>: the exact body, the estimate, today's spend.</summary>
internal static class DryRun
{
    private const int LongestText = 2000;

    public static CallToolResult Answer(SubmitPlan plan, bool isSandbox)
    {
        var spend = SpendAnswer.From(plan.Spend);
        var body = Shown(plan.Body);
        var answer = new GenerateAnswer
        {
            Status = "dry_run",
            RequestKey = plan.RequestKey,
            Next = "generate_video with the same arguments without dry_run" + (isSandbox ? "" : ", once the user agrees to the cost"),
            Plan = new()
            {
                Provider = plan.Provider,
                Model = plan.Model,
                Body = body,
                Seconds = plan.Seconds,
                EstimatedCredits = plan.EstimatedCredits,
                Spend = spend,
                IsSandbox = isSandbox,
                Warnings = plan.Warnings.Count == 0 ? null : plan.Warnings,
            },
        };
        var price = plan.EstimatedCredits is { } credits ? string.Create(CultureInfo.InvariantCulture, $"about {credits:0.##} credits") : null;
        var cost = isSandbox
            ? $"This is the sandbox: the clip would be a stand-in and cost no money. The real price at {plan.Provider} / {plan.Model}: {price ?? "not known"}."
            : $"{plan.Provider} / {plan.Model} would make this clip for {price ?? "a price that is not known"}.";
        var text = $"Nothing was sent or billed. {cost} {spend.Sentence}\nThe request: {body.GetRawText()}";
        return Serving.Answer.Of(answer, AnswerJson.Default.GenerateAnswer, string.Join('\n', plan.Warnings.Prepend(text)));
    }

    // A reference video may travel inside the body: megabytes that no assistant should read.
    private static JsonElement Shown(string body)
    {
        var node = JsonNode.Parse(body)!;
        Cut(node);
        return JsonElement.Parse(node.ToJsonString(AnswerJson.Relaxed));
    }

    private static void Cut(JsonNode node)
    {
        switch (node)
        {
            case JsonObject each:
                foreach (var (_, value) in each.ToList())
                    Visit(value);
                break;
            case JsonArray each:
                foreach (var value in each.ToList())
                    Visit(value);
                break;
        }
    }

    private static void Visit(JsonNode? value)
    {
        if (value is JsonObject or JsonArray)
            Cut(value);
        else if (value is JsonValue leaf && leaf.TryGetValue<string>(out var text) && text.Length > LongestText && text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            leaf.ReplaceWith($"{text[..40]}… ({text.Length} characters)");
    }
}
