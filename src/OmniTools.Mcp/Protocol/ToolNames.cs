namespace OmniTools.Mcp.Protocol;

/// <summary>The names of the tools that texts and other tools refer to.</summary>
internal static class ToolNames
{
    public const string GenerateVideo = "generate_video";
    public const string GetVideoTask = "get_video_task";
    public const string WaitVideoTask = "wait_video_task";
    public const string SaveVideo = "save_video";
    public const string ListVideoTasks = "list_video_tasks";
    public const string ListModels = "list_models";
    public const string GetProviderStatus = "get_provider_status";
}
