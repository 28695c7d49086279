using System.Security.Cryptography;
using OmniTools.Configuration;
using OmniTools.Core.Tests.Submitting;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Saving;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Saving;

/// <summary>A provider with finished tasks, and a client that saves them into a folder of its own.</summary>
internal sealed class SavingFixture : IAsyncDisposable
{
    private readonly ClientFixture clientFixture;

    private SavingFixture(ClientFixture clientFixture) => this.clientFixture = clientFixture;

    public LoopbackProvider Server => clientFixture.Server;

    public OmniClient Client => clientFixture.Client;

    public TestTimeProvider Clock => clientFixture.Clock;

    public OmniSettings Settings => clientFixture.Settings;

    public SaveOptions Options => new() { Folder = Server.Folder["out"], Template = "clip.mp4" };

    /// <summary>Everything in the output folder, by name.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.GetFiles(Options.Folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Options.Folder, path)).Order(StringComparer.Ordinal)];

    public IEnumerable<RecordedRequest> Fetches => Server.Requests.Where(request => request.IsFile);

    public static async Task<SavingFixture> StartAsync(Contract contract = Contract.ApiMart) =>
        new(await ClientFixture.StartAsync(contract));

    /// <summary>A client with the system's clock, for saves that run at the same time.</summary>
    public OmniClient NewProcess() => new(Settings, TestSettings.Options with { Randomizer = () => 0 });

    /// <summary>A completed task with files served here, or with URLs of one's own.</summary>
    public async Task<VideoTask> CompletedAsync(byte[]? content = null, string prompt = "a cat",
        IReadOnlyList<string>? urls = null)
    {
        var task = await Client.SubmitAsync(new VideoRequest { Prompt = prompt }, new() { AllowDuplicate = true });
        Server.Complete(task.Id!, urls);
        if (content is not null)
            Server.Serve(task.Id + ".mp4", content);
        return await Client.GetTaskAsync(task.Id!);
    }

    public async Task<SavedVideo> SaveAsync(VideoTask task, SaveOptions? options = null, OmniClient? client = null) =>
        Assert.Single(await (client ?? Client).SaveVideosAsync(task, options ?? Options));

    public Task<OmniException> RefusedAsync(VideoTask task, SaveOptions? options = null) =>
        Assert.ThrowsAsync<OmniException>(() => Client.SaveVideosAsync(task, options ?? Options));

    /// <summary>
    /// Saves a task, and asserts that the folder holds exactly this content and its sidecar, and the hash is right.
    /// </summary>
    public async Task AssertSavedAsync(VideoTask task, byte[] content, SaveOptions? options = null)
    {
        var saved = await SaveAsync(task, options);
        Assert.Equal(content, await File.ReadAllBytesAsync(saved.Path));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant(), saved.Sha256);
        Assert.Equal(["clip.json", "clip.mp4"], Files);
    }

    public ValueTask DisposeAsync() => clientFixture.DisposeAsync();
}
