using System.Net;
using System.Text;

namespace OmniTools.Mcp.Tests;

/// <summary>An APIMart that accepts when it is told to, and counts.</summary>
internal sealed class BlockingProvider : HttpMessageHandler
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int posts;

    /// <summary>Completes when the first request has arrived.</summary>
    public Task Asked => asked.Task;

    public int Posts => posts;

    public void Release() => released.TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post)
        {
            Interlocked.Increment(ref posts);
            // What was not read was not sent, and then there would be nothing to doubt.
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
        }
        asked.TrySetResult();
        await released.Task.WaitAsync(cancellationToken);
        return new(HttpStatusCode.OK)
        {
            Content = new StringContent(
                """{"code":200,"data":[{"status":"submitted","task_id":"task_1"}]}""",
                Encoding.UTF8,
                "application/json"),
        };
    }
}
