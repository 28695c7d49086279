using OmniTools.Catalog;
using OmniTools.Mcp.Protocol;
using OmniTools.Requests;

namespace OmniTools.Mcp.Tools;

/// <summary>The only tool that spends money. It answers before clients give up, whatever the provider does.</summary>
internal sealed class GenerateVideoTool() : OmniTool(
    "generate_video",
    "Generate a video",
    "Submit ONE short video clip to a paid provider. Each accepted call costs the user money. A plain request for "
    + "one clip is agreement; ask when the price is unknown, for more clips than asked, and before repeating a "
    + "failed one. dry_run is free: arguments, price, limits. "
    + "Answers within 45 s with a task, not a video (1 to 5 minutes): call wait_video_task next, then save_video. "
    + "A submitted clip cannot be cancelled or refunded. Outcome unknown or answer lost: never another "
    + "request_key. " + SettlingText,
    new() { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = true },
    GenerateVideoParameters.CreateSchema())
{
    private static readonly string SettlingText = string.Join(" ", ModelCatalog.Providers.Select(spec =>
        spec.ReadsByRequestKey
            ? $"{spec.Id}: get_video_task with the request_key settles it."
            : $"{spec.Id}: repeat the exact call with the same request_key; by {spec.Name}'s documentation it returns "
                + "the existing task; asking cannot settle it."));

    public override bool SpendsMoney => true;

    public override VideoRequest? CreateRequest(ToolCall call) => GenerateVideoParameters.ReadRequest(call);

    public override async Task<Result> RunAsync(ToolCall call, CancellationToken cancellationToken)
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
                && await TryFindTaskAsync(call, key, cancellationToken) is { } task
                ? TaskProtocolMapper.ToCreatedTask(task, timeProvider)
                : SubmissionResult.Submitting(submission.Key);
        }
    }

    // The submission goes on also where the ledger cannot be read, whose error says that nothing was sent.
    private static async Task<VideoTask?> TryFindTaskAsync(
        ToolCall call, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Client.FindTaskAsync(key, null, cancellationToken);
        }
        catch (OmniException)
        {
            return null;
        }
    }
}
