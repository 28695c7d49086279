using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Sandbox;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Sandbox;

public sealed class SandboxClientTests : IAsyncDisposable
{
    private readonly TemporaryFolder home = new();
    private readonly TestTimeProvider clock = new() { AutoAdvance = true };
    private readonly OmniClient client;

    public SandboxClientTests() => client = NewProcess();

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        home.Dispose();
    }

    private OmniClient NewProcess(TemporaryFolder? at = null) =>
        SandboxClient.Create(new() { Home = (at ?? home).Path, OutputRoot = home["output"] },
        TestSettings.Options with { TimeProvider = clock });

    private Task<VideoTask> SubmitAsync(string provider, string prompt, string? key = null) =>
        client.SubmitAsync(new VideoRequest { Prompt = prompt, Provider = provider, RequestKey = key });

    private string[] Bought() => Directory.GetFiles(home["provider"], "*.json");

    private async Task<VideoTask> EndAsync(VideoTask task)
    {
        await using var wait = client.StartWaiting();
        wait.Add(task);
        wait.CompleteAdding();
        VideoTask? last = null;
        await foreach (var change in wait.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Null(change.Failure);
            last = change.Task;
        }
        return last!;
    }

    [Theory, InlineData("toapis"), InlineData("apimart")]
    public async Task A_clip_is_submitted_and_waited_for_and_found_by_a_later_process(string provider)
    {
        var task = await SubmitAsync(provider, "a red apple");
        Assert.Equal(VideoTaskStatus.Queued, task.Status);
        Assert.True(task.IsSandbox);

        var done = await EndAsync(task);
        Assert.Equal(VideoTaskStatus.Completed, done.Status);
        Assert.Equal(100, done.Progress);
        Assert.Equal(done.CompletedAt + TimeSpan.FromHours(24), Assert.Single(done.Videos).ExpiresAt);
        await using var later = NewProcess();
        Assert.Equal(done.Videos,
            (await later.GetTaskAsync(task.Id!, cancellationToken: TestContext.Current.CancellationToken)).Videos);
    }

    [Theory, InlineData("toapis"), InlineData("apimart")]
    public async Task A_lost_response_in_the_sandbox_buys_one_clip(string provider)
    {
        var task = await SubmitAsync(provider, "[lost-answer]");

        Assert.Equal(task.Id, Path.GetFileNameWithoutExtension(Assert.Single(Bought())));
        Assert.Equal(VideoTaskStatus.Completed, (await EndAsync(task)).Status);
    }

    [Theory, InlineData("toapis"), InlineData("apimart")]
    public async Task A_rate_limit_is_waited_out_and_the_second_attempt_accepted(string provider)
    {
        var began = clock.GetUtcNow();
        var task = await SubmitAsync(provider, "[rate-limited]");

        Assert.NotNull(task.Id);
        Assert.Single(Bought());
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("toapis", "[moderated]", OmniErrorKind.ContentRejected, 422)]
    [InlineData("apimart", "[moderated]", OmniErrorKind.ContentRejected, 400)]
    [InlineData("toapis", "[no-balance]", OmniErrorKind.InsufficientBalance, 402)]
    [InlineData("apimart", "[no-balance]", OmniErrorKind.InsufficientBalance, 402)]
    public async Task A_refusal_of_the_sandbox_has_its_kind_and_buys_nothing(
        string provider, string prompt, OmniErrorKind kind,
    int status)
    {
        var refused = await Assert.ThrowsAsync<OmniException>(() => SubmitAsync(provider, prompt));

        Assert.Equal((kind, status, Charged.No), (refused.Kind, refused.HttpStatus, refused.Charged));
        Assert.NotNull(refused.ProviderMessage);
        Assert.False(Directory.Exists(home["provider"]));
    }

    [Theory]
    [InlineData("toapis", "[no-video]", OmniErrorKind.NoVideo)]
    [InlineData("apimart", "[no-video]", OmniErrorKind.NoVideo)]
    [InlineData("toapis", "[fail]", OmniErrorKind.TaskFailed)]
    [InlineData("apimart", "[fail]", OmniErrorKind.TaskFailed)]
    public async Task A_task_without_a_video_fails_with_its_kind(string provider, string prompt, OmniErrorKind kind)
    {
        var task = await EndAsync(await SubmitAsync(provider, prompt));

        Assert.Equal((VideoTaskStatus.Failed, kind), (task.Status, task.Error?.Kind));
    }

    [Theory, InlineData("toapis"), InlineData("apimart")]
    public async Task A_key_that_another_ledger_used_is_replayed_though_its_task_has_ended(string provider)
    {
        var first = await EndAsync(await SubmitAsync(provider, "a red apple", "k"));
        using var other = new TemporaryFolder();
        other.Write(Path.Combine("provider", first.Id + ".json"),
            await File.ReadAllBytesAsync(Assert.Single(Bought()), TestContext.Current.CancellationToken));

        await using var stranger = NewProcess(other);
        var again = await stranger.SubmitAsync(
            new VideoRequest { Prompt = "a red apple", Provider = provider, RequestKey = "k" },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((first.Id, (VideoTaskError?)null), (again.Id, again.Error));
    }

    [Fact]
    public async Task Keys_and_addresses_of_the_settings_are_dropped_and_models_kept()
    {
        var settings = SandboxClient.GetSandboxSettings(new()
        {
            Home = home.Path,
            OutputRoot = home["output"],
            Providers = new Dictionary<string, ProviderSettings>
            {
                ["toapis"] = new() { Key = new("sk-real"), BaseAddress = "https://example.com", Model = "m" },
            },
        });

        Assert.True(settings.IsSandbox);
        Assert.Equal(["toapis", "apimart"], settings.Providers.Keys);
        Assert.All(settings.Providers.Values, provider => Assert.Null(provider.BaseAddress));
        Assert.Equal("m", settings.Providers["toapis"].Model);
        Assert.Equal(1000m, (await client.GetBalanceAsync("toapis", TestContext.Current.CancellationToken)).Remaining);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(" ", 3)]
    [InlineData("0", 0)]
    [InlineData(" 0.5 ", 0.5)]
    [InlineData("86400", 86400)]
    public void OMNI_SANDBOX_SECONDS_sets_how_long_a_generation_takes(string? value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SandboxClient.ReadDuration(value));

    [Theory]
    [InlineData("-1"), InlineData("86401"), InlineData("1,5"), InlineData("soon"), InlineData("NaN")]
    [InlineData("Infinity"), InlineData("-Infinity"), InlineData("1e3")]
    public void An_invalid_OMNI_SANDBOX_SECONDS_is_refused_by_name(string value)
    {
        var refused = Assert.Throws<OmniException>(() => SandboxClient.ReadDuration(value));

        Assert.Equal((OmniErrorKind.InvalidConfiguration, "OMNI_SANDBOX_SECONDS", value),
            (refused.Kind, refused.Field, refused.Received));
    }
}
