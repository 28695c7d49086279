using OmniTools.Configuration;
using OmniTools.Sandbox;
using OmniTools.VideoTasks;

namespace OmniTools.Gallery.Tests;

/// <summary>A folder with a gallery page, written as the cmdlet writes it.</summary>
internal sealed class GalleryFixture : IAsyncDisposable
{
    private readonly OmniClient client;

    public GalleryFixture() =>
        client = SandboxClient.Create(
        new OmniSettings { Home = Folder["home"], OutputRoot = Folder["clips"], IsSandbox = true },
        TestSettings.Options);

    public TemporaryFolder Folder { get; } = new();

    public string Path => Folder["gallery.html"];

    public string Address => new Uri(Path).AbsoluteUri;

    public int Write(params IEnumerable<VideoTask> tasks) =>
        client.WriteGalleryAsync(tasks, Path).GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        Folder.Dispose();
    }
}
