using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OmniTools.Sandbox;

namespace OmniTools.Core.Tests.Sandbox;

/// <summary>
/// The sandbox over a folder of its own, asked byte by byte as the providers are. A generation takes 40 s of a clock
/// moved by hand.
/// </summary>
internal sealed class SandboxFixture : IDisposable
{
    public static readonly TimeSpan Generation = TimeSpan.FromSeconds(40);

    // The time of creation that ToAPIs' document prints.
    private static readonly DateTimeOffset Printed = DateTimeOffset.FromUnixTimeSeconds(1779247407);

    private const string Generations = "/v1/videos/generations";

    private readonly TemporaryFolder folder;
    private readonly bool ownsFolder;
    private readonly HttpMessageInvoker http;

    public SandboxFixture(DateTimeOffset? start = null)
        : this(new TemporaryFolder(), new TestTimeProvider(start ?? Printed), ownsFolder: true)
    {
    }

    private SandboxFixture(TemporaryFolder folder, TestTimeProvider clock, bool ownsFolder)
    {
        (this.folder, Clock, this.ownsFolder) = (folder, clock, ownsFolder);
        http = new(new SandboxHandler(new() { Folder = Store, TimeProvider = clock, Duration = Generation }));
    }

    public TestTimeProvider Clock { get; }

    /// <summary>Where the tasks are kept.</summary>
    public string Store => folder["tasks"];

    /// <summary>Another handler over the same folder, as another process has it.</summary>
    public SandboxFixture NewProcess() => new(folder, Clock, ownsFolder: false);

    public static string Host(Contract contract) =>
        contract == Contract.ToApis ? "https://toapis.com" : "https://api.apimart.ai";

    /// <summary>Sends; a key of null is no Authorization.</summary>
    public async Task<SandboxResponse> SendAsync(HttpMethod method, string url, HttpContent? content = null,
        string? authorization = "Bearer any", Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        headers?.Invoke(request.Headers);
        using var response = await http.SendAsync(request, default);
        return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers,
            response.Content.Headers);
    }

    public Task<SandboxResponse> PostAsync(Contract contract, string body, string? key = null,
        string type = "application/json", string? authorization = "Bearer any") =>
        SendAsync(HttpMethod.Post, Host(contract) + Generations, new StringContent(body, Encoding.UTF8, type),
        authorization,
            headers => _ = key is null || headers.TryAddWithoutValidation("Idempotency-Key", key));

    /// <summary>A valid submission; the key travels as the contract has it.</summary>
    public Task<SandboxResponse> SubmitAsync(Contract contract, string prompt = "a red apple", string? key = null,
        Action<JsonObject>? change = null)
    {
        var body = Body(contract, prompt);
        if (contract == Contract.ToApis && key is not null)
            body["client_business_id"] = key;
        change?.Invoke(body);
        return PostAsync(contract, body.ToJsonString(), contract == Contract.ApiMart ? key : null);
    }

    /// <summary>Submits and gives the task's id.</summary>
    public async Task<string> MadeAsync(Contract contract, string prompt = "a red apple", string? key = null,
        Action<JsonObject>? change = null) =>
        IdOf(contract, await SubmitAsync(contract, prompt, key, change));

    public Task<SandboxResponse> GetAsync(Contract contract, string id) =>
        SendAsync(HttpMethod.Get, TaskUrl(contract, id));

    /// <summary>Where the first video of a completed task is.</summary>
    public async Task<string> VideoAsync(Contract contract, Action<JsonObject>? change = null,
        string prompt = "a red apple")
    {
        var id = await MadeAsync(contract, prompt, change: change);
        Clock.Advance(Generation);
        var state = (await GetAsync(contract, id)).Json;
        return contract == Contract.ToApis
            ? (string)state["result"]!["data"]![0]!["url"]!
            : (string)state["data"]!["result"]!["videos"]![0]!["url"]![0]!;
    }

    public static JsonObject Body(Contract contract, string? prompt = "a red apple") => new()
    {
        ["model"] = contract == Contract.ToApis ? "gemini_omni_flash" : "gemini-omni-flash-preview",
        ["prompt"] = prompt,
    };

    public static string IdOf(Contract contract, SandboxResponse reply) =>
        (string)(contract == Contract.ToApis ? reply.Json["id"]! : reply.Json["data"]![0]!["task_id"]!)!;

    public static string TaskUrl(Contract contract, string id) =>
        Host(contract) + (contract == Contract.ToApis ? $"{Generations}/{id}" : $"/v1/tasks/{id}?language=en");

    public static string StatusOf(Contract contract, SandboxResponse reply) =>
        (string)(contract == Contract.ToApis ? reply.Json : reply.Json["data"]!)["status"]!;

    public static int ProgressOf(Contract contract, SandboxResponse reply) =>
        (int)(contract == Contract.ToApis ? reply.Json : reply.Json["data"]!)["progress"]!;

    public void Dispose()
    {
        http.Dispose();
        if (ownsFolder)
            folder.Dispose();
    }
}
