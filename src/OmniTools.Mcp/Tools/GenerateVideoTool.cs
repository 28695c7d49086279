using ModelContextProtocol.Protocol;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Requests;

namespace OmniTools.Mcp.Tools;

/// <summary>The only tool that spends money. It answers before clients give up, whatever the provider does.</summary>
internal sealed class GenerateVideoTool : ITool
{
    private static readonly string SettlingText = string.Join(" ", ModelCatalog.Providers.Select(spec =>
        spec.ReadsByRequestKey
            ? $"{spec.Id}: get_video_task with the request_key settles it."
            : $"{spec.Id}: repeat the exact call with the same request_key; by {spec.Name}'s documentation it returns "
                + "the existing task; asking cannot settle it."));

    public string Name => "generate_video";

    public string Title => "Generate a video";

    public string Description =>
        "Submit ONE short video clip to a paid provider. Each accepted call costs the user money. A plain request for "
        + "one clip is agreement; ask when the price is unknown, for more clips than asked, and before repeating a "
        + "failed one. dry_run is free: arguments, price, limits. "
        + "Answers within 45 s with a task, not a video (1 to 5 minutes): call wait_video_task next, then save_video. "
        + "A submitted clip cannot be cancelled or refunded. Outcome unknown or answer lost: never another "
        + "request_key. " + SettlingText;

    public InputSchema Input => field ??= GenerateVideoParameters.CreateSchema();

    public bool SpendsMoney => true;

    public ToolAnnotations Annotations =>
        new() { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = true };

    public VideoRequest? CreateRequest(ToolCall call) => GenerateVideoParameters.ReadRequest(call);

    public async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var request = GenerateVideoParameters.ReadRequest(call);
        if (call.Arguments.GetBoolean("dry_run"))
            return DryRun.CreateResult(
                await call.Client.PlanSubmissionAsync(request, null, cancellationToken), call.Session);
        await SpendConfirmation.RequireAsync(call, request, cancellationToken);
        var isKnown = request.RequestKey is { } given
            && await call.Client.FindTaskAsync(given, null, cancellationToken) is { Id: not null };
        var submission = call.Session.Submissions.Start(request);
        var timeProvider = call.Session.TimeProvider;
        try
        {
            var task = await submission.Completion.WaitAsync(ToolCall.Timeout, timeProvider, cancellationToken);
            call.Session.Observations.RecordAccepted(task.Provider);
            return call.AcceptsTask
                ? TaskProtocolMapper.ToCreatedTask(task, timeProvider)
                : SubmissionResult.Accepted(task, isKnown, call.Session);
        }
        catch (OmniException error)
        {
            call.Session.Observations.RecordRefusal(error, timeProvider.GetUtcNow());
            throw;
        }
        catch (TimeoutException)
        {
            return call.AcceptsTask && submission.Key is { } key
                && await call.Client.FindTaskAsync(key, null, cancellationToken) is { } task
                ? TaskProtocolMapper.ToCreatedTask(task, timeProvider)
                : SubmissionResult.Submitting(submission.Key);
        }
    }
}
