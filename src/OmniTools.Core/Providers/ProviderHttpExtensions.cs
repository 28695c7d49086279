using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OmniTools.Errors;
using OmniTools.Http;

namespace OmniTools.Providers;

/// <summary>The calls that are the same at both providers: reading JSON, balance, models, upload.</summary>
internal static class ProviderHttpExtensions
{
    /// <summary>Both providers submit here.</summary>
    public const string Generations = "/v1/videos/generations";

    /// <summary>The answer's JSON; null when it is none or has another shape.</summary>
    public static T? ParseJson<T>(ApiResponse answer, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads with retries and gives the answer, or throws what it says.</summary>
    public static async Task<ApiResponse> ReadAsync(this IVideoProvider provider, ApiRequest request,
        CancellationToken cancellationToken, string? taskId = null)
    {
        var answer = await provider.Transport.ReadAsync(request, cancellationToken);
        if (!answer.IsSuccess)
            throw ProviderErrors.FromResponse(answer, provider.Spec, provider.GetUtcNow(), Charged.No, taskId);
        return answer;
    }

    /// <summary>
    /// The balance: the same endpoint and answer at both providers. A refused key is HTTP 200 with
    /// <c>"success":false</c> there.
    /// </summary>
    public static async Task<Balance> ReadBalanceAsync(this IVideoProvider provider,
        CancellationToken cancellationToken)
    {
        var answer = await provider.ReadAsync(new(HttpMethod.Get, "/v1/balance"), cancellationToken);
        if (ParseJson(answer, ProviderJson.Default.BalanceBody) is not { } body)
            throw ProviderErrors.Malformed(provider.Spec, answer, Charged.No);
        if (body.Success == false)
        {
            throw new OmniException(OmniErrorKind.Authentication,
                $"{provider.Spec.Name} does not report the balance", new()
                {
                    Charged = Charged.No, // A read costs nothing.
                    WasSent = true,
                    Provider = provider.Spec.Id,
                    HttpStatus = answer.Status,
                    ProviderMessage = ProviderText.Clean(body.Message),
                    NextStep = $"Check {provider.Spec.KeyVariable}",
                });
        }
        return new(JsonValueReader.ReadNumber(body.RemainBalance), JsonValueReader.ReadNumber(body.UsedBalance),
            body.UnlimitedQuota == true)
        {
            Credits = JsonValueReader.ReadNumber(body.RemainCredits),
        };
    }

    /// <summary>
    /// The ids in a list of models: <c>{"data":[{"id":…}]}</c>. An item of a category that is not video is left out.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ReadModelsAsync(this IVideoProvider provider, string address,
        CancellationToken cancellationToken)
    {
        var answer = await provider.ReadAsync(new(HttpMethod.Get, address), cancellationToken);
        return JsonValueReader.ReadJson(answer.Body, ReadIds) ?? throw provider.CreateUnexpectedError(answer);

        static List<string>? ReadIds(JsonElement root) =>
            root.Get("data") is not { ValueKind: JsonValueKind.Array } data ? null
            : [.. from item in JsonValueReader.ReadObjects(data)
                  where JsonValueReader.ReadText(item.Get("category")) is null or "video"
                  let id = ProviderText.Clean(JsonValueReader.ReadText(item.Get("id")))
                  where id is not null
                  select id];
    }

    /// <summary>
    /// Uploads one file as the multipart field <c>file</c>; an upload costs nothing and is tried again like a read.
    /// </summary>
    public static async Task<string> UploadAsync(this IVideoProvider provider, string address, string path,
        string mediaType, CancellationToken cancellationToken)
    {
        var boundary = "omni-" + Guid.NewGuid().ToString("N");
        using var form = new MultipartFormDataContent(boundary);
        var file = new ByteArrayContent(await File.ReadAllBytesAsync(path, cancellationToken));
        // As curl and browsers send it: strict servers want quoted names and an unquoted boundary.
        file.Headers.ContentDisposition = new("form-data")
        {
            Name = "\"file\"",
            FileName = $"\"reference{GetFileExtension(mediaType)}\"",
        };
        file.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        form.Add(file);
        var answer = await provider.ReadAsync(
            new(HttpMethod.Post, address)
            {
                Body = await form.ReadAsByteArrayAsync(cancellationToken),
                ContentType = $"multipart/form-data; boundary={boundary}",
                Timeout = HttpConstants.UploadTimeout,
            }, cancellationToken);
        var body = ParseJson(answer, ProviderJson.Default.UploadBody);
        return (body?.Data?.Url ?? body?.Url) is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && uri.Scheme is "https" or "http"
            ? url
            : throw provider.CreateUnexpectedError(answer);
    }

    /// <summary>The error of a call that costs nothing and succeeded without the expected result.</summary>
    public static OmniException CreateUnexpectedError(this IVideoProvider provider, ApiResponse answer,
        string? taskId = null) => ProviderErrors.Read(answer.Body) is null
        ? ProviderErrors.Malformed(provider.Spec, answer, Charged.No, taskId)
        : ProviderErrors.FromResponse(answer, provider.Spec, provider.GetUtcNow(), Charged.No, taskId);

    private static string GetFileExtension(string mediaType) => mediaType switch
    {
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "video/webm" => ".webm",
        "video/quicktime" => ".mov",
        _ => ".mp4",
    };

    /// <summary>The injected clock's time.</summary>
    public static DateTimeOffset GetUtcNow(this IVideoProvider provider) =>
        provider.Transport.Retry.TimeProvider.GetUtcNow();
}
