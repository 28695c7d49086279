using System.Text.Json;
using OmniTools.Errors;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Gallery.Tests;

/// <summary>Tasks in every state, with real files below a folder.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private static readonly string[] Prompts =
    [
        "A red fox trots through fresh snow at dawn, low sun behind the trees, slow dolly in",
        "Neon rain in a narrow street; a cat watches from under a paper umbrella",
        "A paper boat drifts down a gutter after a summer storm, close, shallow focus",
        "Time lapse of a lighthouse while a storm front rolls in from the sea",
        "A potter's hands raise a tall vase on a turning wheel, warm workshop light",
        "An old tram climbs a steep street in Lisbon, people step aside, handheld",
    ];

    /// <summary>
    /// A completed task whose video is saved; <paramref name="clip"/> names one of the sandbox's clips.
    /// </summary>
    public static VideoTask Saved(TemporaryFolder folder, int number, string? prompt = null,
        string clip = "landscape-6")
    {
        var path = folder[$"clips/clip {number}#.mp4"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Path.Combine(Repository.Root, "src", "OmniTools.Sandbox", "Clips", clip + ".mp4"), path,
            overwrite: true);
        return Task(number, prompt) with
        {
            Status = VideoTaskStatus.Completed,
            Videos = [new() { Url = "https://provider.invalid/secret?sig=1", SavedPath = path, ExpiresAt =
                Now.AddDays(1) }],
        };
    }

    /// <summary>What saving writes beside the file; needs no flush here.</summary>
    public static void WriteSidecar(VideoTask task) => File.WriteAllBytes(
        VideoName.GetSidecarPath(task.SavedPath!),
        JsonSerializer.SerializeToUtf8Bytes(Sidecar.From(task, null, 0, new string('0', 64), 1, Now),
        SavingJson.Relaxed.Sidecar));

    public static VideoTask Unsaved(int number) => Task(number) with
    {
        Status = VideoTaskStatus.Completed,
        Videos = [new() { Url = "https://provider.invalid/secret?sig=2", ExpiresAt = Now.AddHours(5) }],
    };

    public static VideoTask Failed(int number, string reason = "The content policy refused it.",
        Charged charged = Charged.No) => Task(number) with
        {
            Status = VideoTaskStatus.Failed,
            Credits = null,
            Error = new() { Kind = OmniErrorKind.TaskFailed, Message = reason, Charged = charged },
        };

    public static VideoTask Running(int number) =>
        Task(number) with { Status = VideoTaskStatus.InProgress, Progress = 40, Credits = null };

    public static VideoTask Unknown(int number) => Task(number) with
    {
        Id = null,
        Status = VideoTaskStatus.Unknown,
        Credits = null,
        Error = new()
        {
            Kind = OmniErrorKind.OutcomeUnknown,
            Message = "The connection broke.",
            Charged = Charged.Unknown,
        },
    };

    private static VideoTask Task(int number, string? prompt = null) => new()
    {
        Id = $"task_{number:0000}",
        RequestKey = $"shot-{number}",
        Provider = number % 2 == 0 ? "apimart" : "toapis",
        Model = number % 2 == 0 ? "gemini-omni-flash-preview" : "gemini_omni_flash",
        Status = VideoTaskStatus.Queued,
        Prompt = prompt ?? $"{Prompts[number % Prompts.Length]}, take {number}",
        AspectRatio = "16:9",
        Duration = 6,
        Resolution = "720p",
        CreatedAt = Now.AddHours(-number),
        Credits = 10 + number % 7,
    };
}
