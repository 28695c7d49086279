using OmniTools.Catalog;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Tools;

/// <summary>Lists the models that can make a clip, with what each takes and costs.</summary>
internal sealed class ListModelsTool() : OmniTool(
    "list_models",
    "List models",
    "What each model takes and costs; with arguments only the models that can do all of it in one clip, and "
    + "the most that this clip costs. Free, instant, asks no provider. Use it to choose a model for "
    + "generate_video when the default cannot do what is wanted, or its price matters.",
    new() { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = false },
    new InputSchema(
        CommonParameters.Provider("Only its models."),
        new ToolParameter("can", ParameterType.StringArray,
            "What the clip needs; text: made from a prompt alone; audio: sound can be chosen.")
        {
            Choices = ModelCapability.All,
            Maximum = ModelCapability.All.Count,
            Example = "[\"first_frame\",\"audio\"]",
        },
        ToolParameter.String("aspect_ratio", "Of the clip, such as 9:16.", 20, "9:16"),
        ToolParameter.Integer("duration_seconds", "Length of the clip; the price is for it.", 1, 600, "10")))
{
    public override Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var query = new ModelQuery
        {
            Provider = call.Arguments.GetString("provider"),
            Can = call.Arguments.GetStrings("can"),
            AspectRatio = call.Arguments.GetString("aspect_ratio"),
            Duration = call.Arguments.GetInteger("duration_seconds"),
        };
        var models = call.Client.ListModels(query);
        var answer = ListModelsResult.From(
            models, models.Count == 0 ? ModelLines.Hint(call.Client, query) : null, call.Session.CatalogWarning);
        var lines = ModelLines.Of(models, query).Append(answer.Hint).Concat(answer.Warnings ?? []).OfType<string>();
        return Task.FromResult<Result>(
            ToolResult.Create(answer, ResultJson.Default.ListModelsResult, string.Join('\n', lines)));
    }
}
