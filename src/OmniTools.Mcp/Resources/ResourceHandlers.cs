using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OmniTools.Errors;
using OmniTools.Mcp.Apps;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Session;
using OmniTools.Mcp.Status;
using OmniTools.VideoTasks;

namespace OmniTools.Mcp.Resources;

/// <summary>Resources that an assistant can read without a tool: tasks of the ledger, and the providers.</summary>
internal sealed class ResourceHandlers(ServerSession session)
{
    private const string Providers = "omni://providers";
    private const string Task = "omni://tasks/";
    private const string TaskTemplate = Task + "{id}";
    private const string Model = "omni://models/";
    private const string ModelTemplate = Model + "{model}";
    private const string File = "omni://files/";
    private const string FileTemplate = File + "{task_id}";
    private const int MostCompletions = 100;

    private static ResourceTemplate FileResource => new()
    {
        UriTemplate = FileTemplate,
        Name = "file",
        Title = "Saved video",
        Description = "The saved file of a task, for the view of clips. At most 16 MB.",
        MimeType = SavedFileReader.MimeType,
    };

    public static ValueTask<ListResourcesResult> ListAsync(
        RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            new ListResourcesResult
            {
                Resources =
                [
                    new()
                    {
                        Uri = Providers,
                        Name = "providers",
                        Title = "Providers",
                        Description = "Readiness, balance, model limits and today's spend.",
                        MimeType = "application/json",
                    },
                    .. AppExtensionSupport.IsDeclared(request.Server, request.JsonRpcRequest)
                        ? [ClipsView.Resource]
                        : Array.Empty<Resource>(),
                ],
            });

    public static ValueTask<ListResourceTemplatesResult> TemplatesAsync(
        RequestContext<ListResourceTemplatesRequestParams> request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            new ListResourceTemplatesResult
            {
                ResourceTemplates =
                [
                    new()
                    {
                        UriTemplate = TaskTemplate,
                        Name = "task",
                        Title = "Video task",
                        Description = "One task as the ledger last saw it, by task id or request key.",
                        MimeType = "application/json",
                    },
                    new()
                    {
                        UriTemplate = ModelTemplate,
                        Name = "model",
                        Title = "Video model",
                        Description = "What one model takes and costs, at each provider that has it.",
                        MimeType = "application/json",
                    },
                    .. AppExtensionSupport.IsDeclared(request.Server, request.JsonRpcRequest)
                        ? [FileResource]
                        : Array.Empty<ResourceTemplate>(),
                ],
            });

    public async ValueTask<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params.Uri;
        try
        {
            if (uri == Providers)
                return Json(
                    uri,
                    ResultJson.Serialize(
                        await StatusReport.CreateAsync(session, cancellationToken),
                        ResultJson.Default.ProviderStatusResult));
            if (
                uri.StartsWith(Task, StringComparison.Ordinal)
                && await FindTaskAsync(uri[Task.Length..], cancellationToken) is { } task)
                return Json(
                    uri,
                    ResultJson.Serialize(VideoTaskResult.From(task, int.MaxValue), ResultJson.Default.VideoTaskResult));
            if (uri.StartsWith(Model, StringComparison.Ordinal)
                && ModelLines.Find(session.Client, Uri.UnescapeDataString(uri[Model.Length..])) is { Count: > 0 } found)
                return Json(uri,
                    ResultJson.Serialize(ListModelsResult.From(found), ResultJson.Default.ListModelsResult));
            if (AppExtensionSupport.IsDeclared(request.Server, request.JsonRpcRequest))
            {
                if (uri == ClipsView.Uri)
                    return ClipsView.Read();
                if (
                    uri.StartsWith(File, StringComparison.Ordinal)
                    && await FindTaskAsync(uri[File.Length..], cancellationToken) is { } owner)
                    return Video(uri, await SavedFileReader.ReadAsync(session, owner, cancellationToken));
            }
        }
        catch (OmniException error)
        {
            throw new McpProtocolException(error.Message, McpErrorCode.InternalError);
        }
        throw new McpProtocolException(
            $"There is no such resource. Received: {ToolErrors.Truncate(ProviderText.Clean(uri) ?? "")}. Allowed: "
                + $"{Providers}, {TaskTemplate} with a task id or request key from list_video_tasks, or "
                + $"{ModelTemplate} with a model from list_models.",
            McpErrorCode.ResourceNotFound);
    }

    /// <summary>Offers the ids of the ledger's tasks, newest first, and the models of the catalog.</summary>
    public async ValueTask<CompleteResult> CompleteAsync(
        RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        var values = new List<string>();
        if (
            request.Params is
            { Ref: ResourceTemplateReference { Uri: TaskTemplate }, Argument: { Name: "id" } argument })
        {
            try
            {
                var ids = session.Client.EnumerateTasksAsync(null, cancellationToken)
                    .Select(task => task.Reference)
                    .Where(id => id.StartsWith(argument.Value, StringComparison.OrdinalIgnoreCase));
                values = await ids.Take(MostCompletions + 1).ToListAsync(cancellationToken);
            }
            catch (OmniException)
            {
                // Nothing to offer: the tools say what is wrong with the ledger.
            }
        }
        if (request.Params is
            {
                Ref: ResourceTemplateReference { Uri: ModelTemplate },
                Argument: { Name: "model" } name
            })
        {
            values.AddRange(session.Settings.Catalog.Providers.SelectMany(spec => spec.Models)
                .Select(model => model.Id).Distinct()
                .Where(id => id.StartsWith(name.Value, StringComparison.OrdinalIgnoreCase)));
        }
        var hasMore = values.Count > MostCompletions;
        return new CompleteResult
        {
            Completion = new() { Values = [.. values.Take(MostCompletions)], HasMore = hasMore },
        };
    }

    private Task<VideoTask?> FindTaskAsync(string escapedId, CancellationToken cancellationToken) =>
        session.Client.FindTaskAsync(Uri.UnescapeDataString(escapedId), null, cancellationToken);

    private static ReadResourceResult Video(string uri, byte[] bytes) =>
        new() { Contents = [BlobResourceContents.FromBytes(bytes, uri, SavedFileReader.MimeType)] };

    private static ReadResourceResult Json(string uri, string text) =>
        new() { Contents = [new TextResourceContents { Uri = uri, MimeType = "application/json", Text = text }] };
}
