using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OmniTools.Configuration;
using OmniTools.Diagnostics;
using OmniTools.Errors;

namespace OmniTools.Http;

/// <summary>
/// Sends all requests to a provider's API: to one base address, with a key that is sent nowhere else, no redirects.
/// </summary>
internal sealed class ProviderTransport(
    Lazy<HttpMessageInvoker> http, string name, Uri baseAddress, ApiKey? key, Func<OmniException> missingKey,
    Retry retry)
{
    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "x-oneapi-request-id", "cf-ray"];

    /// <summary>The address the key is bound to.</summary>
    public Uri BaseAddress => baseAddress;

    /// <summary>The fingerprint of the key's account; null without a key.</summary>
    public string? GetAccountFingerprint(string provider) => key?.GetFingerprint(provider);

    /// <summary>Whether and when calls are tried again.</summary>
    public Retry Retry => retry;

    /// <summary>Refuses early, before anything is recorded, where there is no usable key.</summary>
    public void RequireKey() => (key ?? throw missingKey()).ToAuthorizationHeader();

    /// <summary>
    /// One exchange, tried once. Any status is an answer; no answer is a <see cref="TransportException"/>.
    /// </summary>
    public async Task<ApiResponse> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, baseAddress.AbsoluteUri.TrimEnd('/') + request.Path);
        message.Headers.Authorization = (key ?? throw missingKey()).ToAuthorizationHeader();
        message.Headers.ExpectContinue = false;
        if (request.IdempotencyKey is { } idempotencyKey)
            message.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        var body = request.Body is { } bytes
            ? new TrackedHttpContent(bytes, request.ContentType)
            : new TrackedHttpContent(default, contentType: null);
        message.Content = body;

        using var timeout = new CancellationTokenSource(request.Timeout, retry.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var began = retry.TimeProvider.GetTimestamp();
        try
        {
            using var response = await http.Value.SendAsync(message, either.Token);
            var answer =
                new ApiResponse((int)response.StatusCode, key.Mask(await ReadAsync(response.Content, either.Token)))
                {
                    RetryAfter = RetryAfter.Read(response.Headers, retry.TimeProvider.GetUtcNow()),
                    RequestId = RequestIdHeaders.Select(
                    name => response.Headers.NonValidated.TryGetValues(name, out var values)
                    ? ProviderText.Clean(key.Mask(values.FirstOrDefault()))
                    : null)
                    .FirstOrDefault(id => id is not null),
                };
            TraceExchange(request, began, answer.Status.ToString(CultureInfo.InvariantCulture));
            return answer;
        }
        catch (OperationCanceledException cancelled) when (cancellationToken.IsCancellationRequested)
        {
            TraceExchange(request, began, "cancelled");
            throw new TransportException("The call was cancelled", !body.Started, cancelled);
        }
        catch (Exception failure) when (failure is not OmniException)
        {
            var what = timeout.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"no answer within {request.Timeout.TotalSeconds:0} s")
                : ProviderText.Clean(key.Mask(failure.GetBaseException().Message)) ?? failure.GetType().Name;
            TraceExchange(request, began, what);
            throw new TransportException(what, !body.Started, key.Mask(failure));
        }
    }

    /// <summary>The attempts of one call to this provider.</summary>
    public CallAttempts Begin(CallKind kind) => retry.Begin(baseAddress.Authority, name, kind);

    /// <summary>
    /// An exchange that costs nothing, tried again as the policy says. Returns the last answer, whatever its status.
    /// </summary>
    public async Task<ApiResponse> ReadAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var attempts = Begin(CallKind.Read);
        while (true)
        {
            using var permit = await attempts.EnterAsync(cancellationToken) ?? throw Unavailable(attempts.Outage, null);
            try
            {
                var answer = await SendAsync(request, cancellationToken);
                if (!Retry.IsTransient(answer.Status))
                {
                    permit.RecordSuccess();
                    return answer;
                }
                var reason = string.Create(CultureInfo.InvariantCulture, $"HTTP {answer.Status}");
                permit.RecordFailure(Retry.IsUnavailable(answer.Status), answer.RetryAfter, reason);
                if (!await attempts.WaitAsync(answer.RetryAfter, reason, cancellationToken))
                    return answer;
            }
            catch (TransportException failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                permit.RecordFailure(failure.CertainlyNotSent, null, failure.Message);
                if (!await attempts.WaitAsync(null, failure.Message, cancellationToken))
                    throw Unavailable(attempts.Outage, failure);
            }
        }
    }

    /// <summary>The error of a provider that gave no answer in the time the call may take.</summary>
    public OmniException Unavailable(ProviderHealthNotice? outage, TransportException? failure,
        string? requestKey = null) => new(OmniErrorKind.ProviderUnavailable,
        failure is not null ? $"{name} could not be reached: {failure.Message}"
        : string.Create(CultureInfo.InvariantCulture,
        $"{name} has been unavailable since {outage?.Since:HH:mm:ss} UTC ({outage?.Reason})"), new()
        {
            Charged = Charged.No, // Not sent, or only read.
            WasSent = failure is not null,
            RequestKey = requestKey,
            RetryAt = outage?.NextAttempt,
            NextStep = "Check the network and call again; tasks already submitted go on meanwhile",
        }, failure);

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > HttpConstants.LargestAnswer)
            TooLarge();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > HttpConstants.LargestAnswer)
                TooLarge();
            body.Write(buffer, 0, read);
        }
        if (content.Headers.ContentLength is { } promised && body.Length < promised)
            throw new InvalidDataException("the answer was cut short");
        return body.ToArray();
    }

    [DoesNotReturn]
    private static void TooLarge() => throw new InvalidDataException("the answer is larger than 4 MB");

    // The allow-list of what a log may show: method, host, path, idempotency key, outcome, time. No header, no body.
    private void TraceExchange(ApiRequest request, long began, string outcome)
    {
        if (OmniTrace.IsOn)
        {
            var address = baseAddress.GetLeftPart(UriPartial.Authority) + request.Path;
            var duration = retry.TimeProvider.GetElapsedTime(began).TotalMilliseconds;
            OmniTrace.Debug(string.Create(CultureInfo.InvariantCulture,
                $"{request.Method} {address} {outcome} {duration:0} ms"));
        }
    }
}
