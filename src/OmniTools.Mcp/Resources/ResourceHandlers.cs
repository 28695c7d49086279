using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using OmniTools.Mcp.Apps;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Session;
using OmniTools.Mcp.Status;

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
    private const string Json = "application/json";
    private const int MostCompletions = 100;

    private static readonly Resource ProvidersResource = new()
    {
        Uri = Providers,
        Name = "providers",
        Title = "Providers",
        Description = "Readiness, balance, model limits and today's spend.",
        MimeType = Json,
    };

    private static readonly ResourceTemplate[] Templates =
    [
        CreateTemplate(TaskTemplate, "task", "Video task",
            "One task as the ledger last saw it, by task id or request key.", Json),
        CreateTemplate(ModelTemplate, "model", "Video model",
            "What one model takes and costs, at each provider that has it.", Json),
    ];

    private static readonly ResourceTemplate FileResource = CreateTemplate(File + "{task_id}", "file", "Saved video",
        "The saved file of a task, for the view of clips. At most 16 MB.", SavedFileReader.MimeType);

    public static ValueTask<ListResourcesResult> ListAsync(
        RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ListResourcesResult
        {
            Resources = ClipsView.IsShownBy(request.Server, request.JsonRpcRequest)
                ? [ProvidersResource, ClipsView.Resource] : [ProvidersResource],
        });

    public static ValueTask<ListResourceTemplatesResult> TemplatesAsync(
        RequestContext<ListResourceTemplatesRequestParams> request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ListResourceTemplatesResult
        {
            ResourceTemplates = ClipsView.IsShownBy(request.Server, request.JsonRpcRequest)
                ? [.. Templates, FileResource] : [.. Templates],
        });

    public async ValueTask<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params.Uri;
        var hasViews = ClipsView.IsShownBy(request.Server, request.JsonRpcRequest);
        try
        {
            if (await FindAsync(uri, hasViews, cancellationToken) is { } found)
                return found;
        }
        catch (OmniException error)
        {
            throw new McpProtocolException(error.Message, McpErrorCode.InternalError);
        }
        throw new McpProtocolException(
            $"There is no such resource. Received: {ToolErrors.Truncate(ProviderText.Clean(uri) ?? "")}. Allowed: "
            + $"{Providers}, {TaskTemplate} with a task id or request key from list_video_tasks, or {ModelTemplate} "
            + "with a model from list_models.",
            McpErrorCode.ResourceNotFound);
    }

    /// <summary>Offers the ids of the ledger's tasks, newest first, and the models of the catalog.</summary>
    public async ValueTask<CompleteResult> CompleteAsync(
        RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        List<string> values = [];
        try
        {
            values = await CompleteAsync(request.Params, cancellationToken);
        }
        catch (OmniException)
        {
            // Nothing to offer: the tools say what is wrong with the ledger.
        }
        return new()
        {
            Completion = new() { Values = [.. values.Take(MostCompletions)], HasMore = values.Count > MostCompletions },
        };
    }

    private async Task<List<string>> CompleteAsync(CompleteRequestParams request, CancellationToken cancellationToken)
    {
        var argument = request.Argument;
        var offered = (request.Ref as ResourceTemplateReference, argument.Name) switch
        {
            ({ Uri: TaskTemplate }, "id") => session.Client.EnumerateTasksAsync(null, cancellationToken)
                .Select(task => task.Reference),
            ({ Uri: ModelTemplate }, "model") => session.Settings.Catalog.Providers.SelectMany(spec => spec.Models)
                .Select(model => model.Id).Distinct().ToAsyncEnumerable(),
            _ => AsyncEnumerable.Empty<string>(),
        };
        return await offered.Where(value => value.StartsWith(argument.Value, StringComparison.OrdinalIgnoreCase))
            .Take(MostCompletions + 1).ToListAsync(cancellationToken);
    }

    private async Task<ReadResourceResult?> FindAsync(string uri, bool hasViews, CancellationToken cancellationToken)
    {
        if (uri == Providers)
            return Text(uri, await StatusReport.CreateAsync(session, cancellationToken),
                ResultJson.Default.ProviderStatusResult);
        if (After(Task) is { } id && await FindTaskAsync(id) is { } task)
            return Text(uri, VideoTaskResult.From(task, int.MaxValue), ResultJson.Default.VideoTaskResult);
        if (After(Model) is { } name && ModelLines.Find(session.Client, name) is { Count: > 0 } models)
            return Text(uri, ListModelsResult.From(models), ResultJson.Default.ListModelsResult);
        if (hasViews && uri == ClipsView.Uri)
            return ClipsView.Read();
        if (hasViews && After(File) is { } owner && await FindTaskAsync(owner) is { } saved)
        {
            var bytes = await SavedFileReader.ReadAsync(session, saved, cancellationToken);
            return new() { Contents = [BlobResourceContents.FromBytes(bytes, uri, SavedFileReader.MimeType)] };
        }
        return null;

        Task<VideoTask?> FindTaskAsync(string taskId) => session.Client.FindTaskAsync(taskId, null, cancellationToken);

        string? After(string prefix) =>
            uri.StartsWith(prefix, StringComparison.Ordinal) ? Uri.UnescapeDataString(uri[prefix.Length..]) : null;
    }

    private static ResourceTemplate CreateTemplate(
        string uri, string name, string title, string description, string mimeType) =>
        new() { UriTemplate = uri, Name = name, Title = title, Description = description, MimeType = mimeType };

    private static ReadResourceResult Text<T>(string uri, T value, JsonTypeInfo<T> type) => new()
    {
        Contents =
        [
            new TextResourceContents { Uri = uri, MimeType = Json, Text = ResultJson.Serialize(value, type) },
        ],
    };
}
