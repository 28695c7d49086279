using OmniTools.Catalog;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Requests;

namespace OmniTools.Mcp.Tools;

/// <summary>The parameters of <c>generate_video</c>, and the request that a call describes.</summary>
internal static class GenerateVideoParameters
{
    /// <summary>The lengths that the providers' default models take: <c>toapis: 6 or 10; apimart: any</c>.</summary>
    private static readonly string DurationText = string.Join("; ", ModelCatalog.Providers.Select(spec =>
        $"{spec.Id}: {DefaultModel(spec).Durations switch
        {
            { Count: > 0 } seconds => string.Join(" or ", seconds),
            { Count: 0 } => "none, the prompt decides",
            _ => "any",
        }}"));

    public static InputSchema CreateSchema() => new(
        ToolParameter.String("prompt", "Scene, action, camera, light, sound; or an instruction for the references.",
            20000, "A red fox runs through snow at dawn, slow pan, soft wind") with
        {
            IncludeInExample = true,
        },
        CommonParameters.Provider("Default: OMNI_PROVIDER, else the one with a key that can do what is requested "
            + $"({ProviderChoice.Differences}). Required when several can."),
        Output("model", "Default: the provider's. list_models has the others.", 200, "gemini_omni_flash"),
        Output("aspect_ratio", "16:9 (default), 9:16; some models more.", 20, "16:9"),
        ToolParameter.Integer(
            "duration_seconds", $"Default models: {DurationText}; others: list_models.", 1, 600, "6") with
        {
            AffectsOutput = true,
            AllowedText = DurationText + "; of other models what list_models says",
            Values = [.. ModelCatalog.Providers.SelectMany(spec => DefaultModel(spec).Durations ?? []).Distinct()],
        },
        Output("resolution", "The quality tier, such as 720p. Default: the model's.", 20, "720p"),
        new("image_urls", ParameterType.StringArray,
            "Reference images: http(s) URLs or files below the output root.")
        {
            AffectsOutput = true,
            Maximum = 50,
            Example = "[\"https://example.com/a.png\"]",
        },
        Reference("first_frame_url", "The image the clip begins with, as image_urls.", "a.png"),
        Reference("last_frame_url", "The image it ends with, as image_urls.", "b.png"),
        Reference("video_url", "A clip to edit or to refer to, as image_urls.", "a.mp4"),
        new("audio", ParameterType.Boolean, "Sound or none. Default: the model's.")
        {
            AffectsOutput = true,
            Example = "true",
        },
        Output("negative_prompt", "What must not be in the clip.", 5000, "text, logos"),
        new("seed", ParameterType.Integer, "The same seed gives a similar clip.")
        {
            AffectsOutput = true,
            Example = "42",
        },
        new("options", ParameterType.Object, "What only this model takes (list_models names it).")
        {
            AffectsOutput = true,
            Example = "{\"watermark\":false}",
        },
        Output("extend_from_task_id", "The task this clip continues; excludes video_url.", 512, "TASK_ID"),
        ToolParameter.String("request_key", "Your own id of this clip: the same key never buys twice.",
            RequestKey.MaximumLength, "fox-scene-1"),
        new("dry_run", ParameterType.Boolean, "Only check and price; sends nothing.")
        {
            Default = "false",
            Example = "true",
        });

    public static VideoRequest ReadRequest(ToolCall call)
    {
        var arguments = call.Arguments;
        return new()
        {
            Prompt = arguments.GetString("prompt"),
            Provider = arguments.GetString("provider"),
            Model = arguments.GetString("model"),
            AspectRatio = arguments.GetString("aspect_ratio"),
            Duration = arguments.GetInteger("duration_seconds"),
            Resolution = arguments.GetString("resolution"),
            NegativePrompt = arguments.GetString("negative_prompt"),
            Images = [.. arguments.GetStrings("image_urls").Select(image => Confine(image, "image_urls"))],
            FirstFrame = Find("first_frame_url"),
            LastFrame = Find("last_frame_url"),
            Videos = Find("video_url") is { } video ? [video] : [],
            Audio = arguments.GetOptionalBoolean("audio"),
            Seed = arguments.GetLong("seed"),
            Options = arguments.GetObject("options") is { } options
                ? RequestOptions.From(options)
                : RequestOptions.None,
            ExtendFrom = arguments.GetString("extend_from_task_id"),
            RequestKey = arguments.GetString("request_key"),
        };

        string? Find(string name) => arguments.GetString(name) is { } given ? Confine(given, name) : null;

        // Whatever Core would open as a file is confined, also what looks like a URL: "/etc/x://../passwd" is a path.
        string Confine(string reference, string field) =>
            Requests.Reference.GetForm(reference) == ReferenceForm.LocalFile
                ? call.Session.Root.Reference(reference, field)
                : reference;
    }

    private static ModelSpec DefaultModel(ProviderSpec spec) => spec.Rules(spec.DefaultModel, out _);

    private static ToolParameter Output(string name, string description, int maximum, string example) =>
        ToolParameter.String(name, description, maximum, example) with { AffectsOutput = true };

    private static ToolParameter Reference(string name, string description, string file) =>
        Output(name, description, 4096, "https://example.com/" + file);
}
