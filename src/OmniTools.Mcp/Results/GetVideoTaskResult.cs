namespace OmniTools.Mcp.Results;

/// <summary>What <c>get_video_task</c> returns.</summary>
internal sealed record GetVideoTaskResult(VideoTaskResult Task, string Next);
