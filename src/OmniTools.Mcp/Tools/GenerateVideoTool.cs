using ModelContextProtocol.Protocol;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Mcp.Answers;
using OmniTools.Mcp.Schemas;
using OmniTools.Mcp.Serving;
using OmniTools.Mcp.TaskExtension;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Tools;

/// <summary>The one tool that spends. It answers before any client gives up, whatever the provider does.</summary>
internal sealed class GenerateVideoTool : IOmniTool
{
    /// <summary>How long a submission is waited for: clients give up after 60 seconds, and the answer needs its way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public string Name => "generate_video";

    public string Title => "Generate a video";

    public string Description =>
        "Submit ONE short video clip to a paid provider. Each accepted call costs the user money. A plain request for one clip is agreement; ask when the price " +
        "is unknown, for more clips than asked, and before repeating a failed one. dry_run is free: arguments, price, limits. " +
        "Answers within 45 s with a task, not a video (1 to 5 minutes): call wait_video_task next, then save_video. A submitted clip cannot be cancelled or refunded. " +
        "Outcome unknown or answer lost: never another request_key. " + Settling;

    public InputSchema Input => field ??= new(
        new Field("prompt", FieldKind.Text, "Scene, action, camera, light, sound; or an instruction for the references.") { IsUsual = true, Least = 1, Most = 20000, Example = "\"A red fox runs through snow at dawn, slow pan, soft wind\"" },
        Fields.Provider($"Default: OMNI_PROVIDER, else the one with a key that can do what is asked ({ProviderChoice.Differences}). Required when several can."),
        new Field("model", FieldKind.Text, "Default: the provider's.") { ShapesClip = true, Least = 1, Most = 200, Example = "\"gemini_omni_flash\"" },
        new Field("aspect_ratio", FieldKind.Text, "Default 16:9.") { ShapesClip = true, Choices = Union(spec => spec.AspectRatios), Example = "\"16:9\"" },
        new Field("duration_seconds", FieldKind.Whole, Durations + ".")
        {
            ShapesClip = true,
            Least = 1,
            Most = 60,
            AllowedText = Durations,
            Values = [.. ModelCatalog.Providers.SelectMany(spec => spec.Models).SelectMany(model => model.Durations ?? [])
            .Distinct()],
            Example = "6"
        },
        new Field("resolution", FieldKind.Text, "Default: the model's.")
        {
            ShapesClip = true,
            Choices = Union(spec => spec.Resolutions),
            Example = "\"720p\""
        },
        new Field("image_urls", FieldKind.Texts,
            "Reference images: http(s) URLs or files below the output root.")
        {
            ShapesClip = true,
            Most = 16,
            Example = "[\"https://example.com/a.png\"]"
        },
        new Field("video_url", FieldKind.Text, "A clip to edit, 1 to 24 s, as image_urls.")
        {
            ShapesClip = true,
            Least = 1,
            Most = 4096,
            Example = "\"https://example.com/a.mp4\""
        },
        new Field("extend_from_task_id", FieldKind.Text,
            "The task this clip continues; excludes video_url.")
        {
            ShapesClip = true,
            Least = 1,
            Most = 512,
            Example = "\"TASK_ID\""
        },
        new Field("request_key", FieldKind.Text, "Your own id of this clip: the same key never buys twice.") { Least = 1, Most = RequestKey.MaximumLength, Example = "\"fox-scene-1\"" },
        new Field("dry_run", FieldKind.Flag, "Only check and price; sends nothing.") { Default = "false", Example = "true" });

    public bool Spends => true;

    public string OutputSchema => GenerateAnswer.Schema;

    public ToolAnnotations Annotations => field ??= new() { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = true };

    public async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var request = Request(call);
        if (call.Arguments.Flag("dry_run"))
            return DryRun.Answer(call.Client.PlanSubmission(request), call.Session);
        await SpendConfirmation.RequireAsync(call, request, cancellationToken);
        var isKnown = request.RequestKey is { } given && call.Client.FindTask(given) is { Id: not null };
        var submission = call.Session.Submissions.Start(request);
        try
        {
            var task = await submission.Answer.WaitAsync(Patience, call.Session.Time, cancellationToken);
            call.Session.Memory.NoteAccepted(task.Provider);
            return call.TakesTask ? TaskAccount.Created(task, call.Session.Time)
                : Accepted(task, isKnown, call.Session.Time);
        }
        catch (OmniException error)
        {
            call.Session.Memory.NoteRefusal(error, call.Session.Time.GetUtcNow());
            throw;
        }
        catch (TimeoutException)
        {
            return call.TakesTask && submission.Key is { } key && call.Client.FindTask(key) is { } task ? TaskAccount.Created(task, call.Session.Time) : Submitting(submission.Key);
        }
    }

    /// <summary>What a call asks for.</summary>
    public static VideoRequest Request(ToolCall call)
    {
        var arguments = call.Arguments;
        return new()
        {
            Prompt = arguments.Text("prompt"),
            Provider = arguments.Text("provider"),
            Model = arguments.Text("model"),
            AspectRatio = arguments.Text("aspect_ratio"),
            Duration = arguments.Whole("duration_seconds"),
            Resolution = arguments.Text("resolution"),
            Images = [.. arguments.Texts("image_urls").Select(image => Confined(image, "image_urls"))],
            Videos = arguments.Text("video_url") is { } video ? [Confined(video, "video_url")] : [],
            ExtendFrom = arguments.Text("extend_from_task_id"),
            RequestKey = arguments.Text("request_key"),
        };

        // Whatever begins with a scheme is judged by the catalog check; everything else is a path.
        string Confined(string reference, string field) =>
            reference.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || reference.Contains("://", StringComparison.Ordinal) ? reference : call.Session.Root.Reference(reference, field);
    }

    private static CallToolResult Accepted(VideoTask task, bool isKnown, TimeProvider timeProvider)
    {
        var next = NextCall.For(task);
        var warning = Warning(task);
        var answer = new GenerateAnswer
        {
            Status = task.Status.ToWireName(),
            RequestKey = task.RequestKey,
            Next = next,
            Task = TaskAnswer.Accepted(task),
            Warnings = warning is null ? null : [warning]
        };
        var verdict = isKnown
            ? $"This request_key is known, nothing new was bought. {TaskSentence.Of(task, timeProvider)}"
            : $"Accepted by {task.Provider}{(task.IsSandbox ? " (sandbox: nothing is billed)" : "")}: task {task.Reference}, {task.Status.ToWireName()}.";
        return Answer.Of(answer, AnswerJson.Default.GenerateAnswer,
            $"{verdict}{(warning is null ? "" : " " + warning)} Next: {next}");
    }

    // A name with a slip in it is sent like one that is newer than the catalog: whoever called has to hear of it.
    private static string? Warning(VideoTask task)
    {
        if (task.Model is not { } model)
            return null;
        var spec = ModelCatalog.Provider(task.Provider);
        spec.Rules(model, out var isKnown);
        return isKnown ? null : $"The model '{ProviderText.Clean(model)}' is not in the catalog of {spec.Name}: it was sent as it is, and only the rules common to all its models were checked.";
    }

    private static CallToolResult Submitting(string? key)
    {
        var next = key is null
            ? $"{NextCall.List} to see its request_key; never submit it with another key"
            : $"{NextCall.Get(key)} in 10 seconds; never submit it with another key";
        var answer = new GenerateAnswer { Status = VideoTaskStatus.Submitting.ToWireName(), RequestKey = key ?? "", Next = next };
        return Answer.Of(answer, AnswerJson.Default.GenerateAnswer,
            $"The provider has not answered yet; the submission goes on in this server. Next: {next}");
    }

    private static string Durations { get; } = string.Join("; ", ModelCatalog.Providers.Select(spec => $"{spec.Id}: {spec.Rules(spec.DefaultModel, out _).Durations switch
    {
        { Count: > 0 } seconds => string.Join(" or ", seconds),
        { Count: 0 } => "none, the prompt decides",
        _ => "any",
    }}"));

    private static string Settling { get; } = string.Join(" ", ModelCatalog.Providers.Select(spec => spec.ReadsByRequestKey
        ? $"{spec.Id}: get_video_task with the request_key settles it."
        : $"{spec.Id}: repeat the exact call with the same request_key; by {spec.Name}'s documentation it returns the existing task; asking cannot settle it."));

    private static IReadOnlyList<string> Union(Func<ModelSpec, IReadOnlyList<string>?> list) =>
        [.. ModelCatalog.Providers.SelectMany(spec => spec.Models).SelectMany(model => list(model) ?? []).Select(value => value.ToLowerInvariant()).Distinct()];
}
