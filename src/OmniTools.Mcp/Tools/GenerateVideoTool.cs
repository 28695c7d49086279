using ModelContextProtocol.Protocol;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Session;
using OmniTools.Mcp.TaskExtension;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Tools;

/// <summary>The only tool that spends money. It answers before clients give up, whatever the provider does.</summary>
internal sealed class GenerateVideoTool : ITool
{
    /// <summary>How long a call waits for a submission: 40 seconds. Clients give up after 60.</summary>
    public static readonly TimeSpan SubmissionTimeout = TimeSpan.FromSeconds(40);

    public string Name => ToolNames.GenerateVideo;

    public string Title => "Generate a video";

    public string Description =>
        "Submit ONE short video clip to a paid provider. Each accepted call costs the user money. A plain request "
            + "for one clip is agreement; ask when the price "
        + "is unknown, for more clips than asked, and before repeating a failed one. dry_run is free: arguments, "
        + "price, limits. "
        + "Answers within 45 s with a task, not a video (1 to 5 minutes): call wait_video_task next, then "
        + "save_video. A submitted clip cannot be cancelled or refunded. "
        + "Outcome unknown or answer lost: never another request_key. "
        + SettlingText;

    public InputSchema Input =>
        field ??= new(
            new ToolParameter(
                "prompt",
                ParameterType.String,
                "Scene, action, camera, light, sound; or an instruction for the references.")
            {
                IncludeInExample = true,
                Minimum = 1,
                Maximum = 20000,
                Example = "\"A red fox runs through snow at dawn, slow pan, soft wind\"",
            },
            CommonParameters.Provider(
                $"Default: OMNI_PROVIDER, else the one with a key that can do what is asked "
                    + $"({ProviderChoice.Differences}). Required when several can."
            ),
            new ToolParameter("model", ParameterType.String, "Default: the provider's. list_models has the others.")
            {
                AffectsOutput = true,
                Minimum = 1,
                Maximum = 200,
                Example = "\"gemini_omni_flash\"",
            },
            new ToolParameter("aspect_ratio", ParameterType.String, "16:9 (default), 9:16; some models more.")
            {
                AffectsOutput = true,
                Minimum = 1,
                Maximum = 20,
                Example = "\"16:9\"",
            },
            new ToolParameter(
                "duration_seconds", ParameterType.Integer, $"Default models: {DurationText}; others: list_models.")
            {
                AffectsOutput = true,
                Minimum = 1,
                Maximum = 600,
                AllowedText = DurationText + "; of other models what list_models says",
                Values = [.. ModelCatalog.Providers.SelectMany(spec => DefaultModel(spec).Durations ?? []).Distinct()],
                Example = "6",
            },
            new ToolParameter("resolution", ParameterType.String,
            "The quality tier, such as 720p. Default: the model's.")
            {
                AffectsOutput = true,
                Minimum = 1,
                Maximum = 20,
                Example = "\"720p\"",
            },
            new ToolParameter(
                "image_urls",
                ParameterType.StringArray,
                "Reference images: http(s) URLs or files below the output root.")
            {
                AffectsOutput = true,
                Maximum = 50,
                Example = "[\"https://example.com/a.png\"]",
            },
            Reference("first_frame_url", "The image the clip begins with, as image_urls.", "a.png"),
            Reference("last_frame_url", "The image it ends with, as image_urls.", "b.png"),
            Reference("video_url", "A clip to edit or to refer to, as image_urls.", "a.mp4"),
            new ToolParameter("audio", ParameterType.Boolean, "Sound or none. Default: the model's.")
            {
                AffectsOutput = true,
                Example = "true",
            },
            new ToolParameter("negative_prompt", ParameterType.String, "What must not be in the clip.")
            {
                AffectsOutput = true,
                Minimum = 1,
                Maximum = 5000,
                Example = "\"text, logos\"",
            },
            new ToolParameter("seed", ParameterType.Integer, "The same seed gives a similar clip.")
            {
                AffectsOutput = true,
                Example = "42",
            },
            new ToolParameter("options", ParameterType.Object, "What only this model takes (list_models names it).")
            {
                AffectsOutput = true,
                Example = "{\"watermark\":false}",
            },
            new ToolParameter(
                "extend_from_task_id", ParameterType.String, "The task this clip continues; excludes video_url.")
            {
                AffectsOutput = true,
                Minimum = 1,
                Maximum = 512,
                Example = "\"TASK_ID\"",
            },
            new ToolParameter(
                "request_key", ParameterType.String, "Your own id of this clip: the same key never buys twice.")
            {
                Minimum = 1,
                Maximum = RequestKey.MaximumLength,
                Example = "\"fox-scene-1\"",
            },
            new ToolParameter("dry_run", ParameterType.Boolean, "Only check and price; sends nothing.")
            {
                Default = "false",
                Example = "true",
            });

    public bool SpendsMoney => true;

    public string OutputSchema => GenerateVideoResult.Schema;

    public ToolAnnotations Annotations =>
        field ??= new()
        {
            ReadOnlyHint = false,
            DestructiveHint = false,
            IdempotentHint = false,
            OpenWorldHint = true,
        };

    public async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var request = CreateRequest(call);
        if (call.Arguments.GetBoolean("dry_run"))
            return DryRun.CreateResult(
                await call.Client.PlanSubmissionAsync(request, null, cancellationToken), call.Session);
        await SpendConfirmation.RequireAsync(call, request, cancellationToken);
        var isKnown = request.RequestKey is { } given
            && await call.Client.FindTaskAsync(given, null, cancellationToken) is { Id: not null };
        var submission = call.Session.Submissions.Start(request);
        try
        {
            var task = await submission.Completion.WaitAsync(
                SubmissionTimeout, call.Session.TimeProvider, cancellationToken);
            call.Session.Observations.RecordAccepted(task.Provider);
            return call.AcceptsTask ? TaskProtocolMapper.ToCreatedTask(task, call.Session.TimeProvider)
                : Accepted(task, isKnown, call.Session);
        }
        catch (OmniException error)
        {
            call.Session.Observations.RecordRefusal(error, call.Session.TimeProvider.GetUtcNow());
            throw;
        }
        catch (TimeoutException)
        {
            return call.AcceptsTask && submission.Key is { } key
                && await call.Client.FindTaskAsync(key, null, cancellationToken) is { } task
                ? TaskProtocolMapper.ToCreatedTask(task, call.Session.TimeProvider)
                : Submitting(submission.Key);
        }
    }

    VideoRequest? ITool.CreateRequest(ToolCall call) => CreateRequest(call);

    private static VideoRequest CreateRequest(ToolCall call)
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
            Images = [.. arguments.GetStrings("image_urls").Select(image => Confined(image, "image_urls"))],
            FirstFrame = Find("first_frame_url"),
            LastFrame = Find("last_frame_url"),
            Videos = Find("video_url") is { } video ? [video] : [],
            Audio = arguments.GetOptionalBoolean("audio"),
            Seed = arguments.GetLong("seed"),
            Options =
                arguments.GetObject("options") is { } options ? RequestOptions.From(options) : RequestOptions.None,
            ExtendFrom = arguments.GetString("extend_from_task_id"),
            RequestKey = arguments.GetString("request_key"),
        };

        string? Find(string name) => arguments.GetString(name) is { } given ? Confined(given, name) : null;

        // What Core would open as a file is confined, whatever it looks like: "/etc/x://../passwd" is a path.
        string Confined(string reference, string field) =>
            Requests.Reference.GetForm(reference) == ReferenceForm.LocalFile
                ? call.Session.Root.Reference(reference, field)
                : reference;
    }

    private static CallToolResult Accepted(VideoTask task, bool isKnown, ServerSession session)
    {
        var next = SuggestedCall.ForTask(task);
        var warnings = Warnings(task, session).ToList();
        var answer = new GenerateVideoResult
        {
            Status = task.Status.ToWireName(),
            RequestKey = task.RequestKey,
            Next = next,
            Task = VideoTaskResult.CreateAccepted(task),
            Warnings = warnings.Count == 0 ? null : warnings,
        };
        var verdict = isKnown
            ? $"This request_key is known, nothing new was bought. {TaskSummaryText.Describe(task, session.TimeProvider)}"
            : $"Accepted by {task.Provider}{(task.IsSandbox ? " (sandbox: nothing is billed)" : "")}: task "
                + $"{task.Reference}, {task.Status.ToWireName()}.";
        return ToolResult.Create(answer, ResultJson.Default.GenerateVideoResult,
            string.Join(' ', [verdict, .. warnings, $"Next: {next}"]));
    }

    // A misspelled model is sent like one that is newer than the catalog, so the caller gets a warning.
    private static IEnumerable<string> Warnings(VideoTask task, ServerSession session)
    {
        if (task.Model is not { } model)
            yield break;
        var spec = session.Settings.Catalog.GetProvider(task.Provider);
        spec.Rules(model, out var isKnown);
        if (!isKnown)
            yield return $"The model '{ProviderText.Clean(model)}' is not in the catalog of {spec.Name}: it was sent as it is, "
                + $"and only the rules common to all its models were checked.";
        if (session.Client.FindModelEnd(task) is { } end && session.TryAnnounce(end))
            yield return $"{end}";
    }

    private static CallToolResult Submitting(string? key)
    {
        var next = key is null
            ? $"{SuggestedCall.ListTasks} to see its request_key; never submit it with another key"
            : $"{SuggestedCall.GetTask(key)} in 10 seconds; never submit it with another key";
        var answer = new GenerateVideoResult
        {
            Status = VideoTaskStatus.Submitting.ToWireName(),
            RequestKey = key ?? "",
            Next = next,
        };
        return ToolResult.Create(
            answer,
            ResultJson.Default.GenerateVideoResult,
            $"The provider has not answered yet; the submission goes on in this server. Next: {next}");
    }

    private static string DurationText { get; } =
        string.Join(
            "; ",
            ModelCatalog.Providers.Select(spec =>
                $"{spec.Id}: {DefaultModel(spec).Durations switch
                {
                    { Count: > 0 } seconds => string.Join(" or ", seconds),
                    { Count: 0 } => "none, the prompt decides",
                    _ => "any",
                }}"));

    private static string SettlingText { get; } =
        string.Join(
            " ",
            ModelCatalog.Providers.Select(spec =>
                spec.ReadsByRequestKey
                    ? $"{spec.Id}: get_video_task with the request_key settles it."
                    : $"{spec.Id}: repeat the exact call with the same request_key; by {spec.Name}'s documentation "
                        + $"it returns the existing task; asking cannot settle it."
            ));

    private static ModelSpec DefaultModel(ProviderSpec spec) => spec.Rules(spec.DefaultModel, out _);

    private static ToolParameter Reference(string name, string description, string file) =>
        new(name, ParameterType.String, description)
        {
            AffectsOutput = true,
            Minimum = 1,
            Maximum = 4096,
            Example = $"\"https://example.com/{file}\"",
        };
}
