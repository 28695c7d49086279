using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OmniTools.Errors;
using OmniTools.Http;

namespace OmniTools.Providers;

/// <summary>What both providers do in the same way: read a JSON answer or say why not, balance, upload.</summary>
internal static class WireCalls
{
    /// <summary>Both providers submit here.</summary>
    public const string Generations = "/v1/videos/generations";

    /// <summary>The answer's JSON; null when it is none or has another shape.</summary>
    public static T? Parse<T>(WireAnswer answer, JsonTypeInfo<T> type)
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
    public static async Task<WireAnswer> ReadAsync(this IVideoProvider provider, WireRequest request, CancellationToken stop, string? taskId = null)
    {
        var answer = await provider.Transport.ReadAsync(request, stop);
        if (!answer.IsSuccess)
            throw ProviderErrors.Of(answer, provider.Spec, provider.Now(), Charged.No, taskId);
        return answer;
    }

    /// <summary>The balance: the same endpoint and answer at both providers. A refused key is HTTP 200 with <c>"success":false</c> there.</summary>
    public static async Task<Balance> ReadBalanceAsync(this IVideoProvider provider, CancellationToken stop)
    {
        var answer = await provider.ReadAsync(new(HttpMethod.Get, "/v1/balance"), stop);
        if (Parse(answer, WireJson.Default.BalanceBody) is not { } body)
            throw ProviderErrors.Malformed(provider.Spec, answer, Charged.No);
        if (body.Success == false)
        {
            throw new OmniException(OmniErrorKind.Authentication, $"{provider.Spec.Name} does not tell the balance")
            {
                Charged = Charged.No, // A read costs nothing.
                WasSent = true,
                Provider = provider.Spec.Id,
                HttpStatus = answer.Status,
                ProviderMessage = ProviderText.Clean(body.Message),
                NextStep = $"Check {provider.Spec.KeyVariable}",
            };
        }
        return new(WireValues.Number(body.RemainBalance), WireValues.Number(body.UsedBalance),
            body.UnlimitedQuota == true)
        {
            Credits = WireValues.Number(body.RemainCredits),
        };
    }

    /// <summary>The ids in a list of models: <c>{"data":[{"id":…}]}</c>. An item of a category that is not video is left out.</summary>
    public static async Task<IReadOnlyList<string>> ReadModelsAsync(this IVideoProvider provider, string address, CancellationToken stop)
    {
        var answer = await provider.ReadAsync(new(HttpMethod.Get, address), stop);
        if (Parse(answer, WireJson.Default.ModelsBody)?.Data is { ValueKind: JsonValueKind.Array } data)
        {
            return [.. from item in data.EnumerateArray()
                       where item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out _)
                       where !item.TryGetProperty("category", out var category) || WireValues.Text(category) is null or "video"
                       let id = ProviderText.Clean(WireValues.Text(item.GetProperty("id")))
                       where id is not null
                       select id];
        }
        throw ProviderErrors.Read(answer.Body) is null ? ProviderErrors.Malformed(provider.Spec, answer, Charged.No)
            : ProviderErrors.Of(answer, provider.Spec, provider.Now(), Charged.No);
    }

    /// <summary>Uploads one file as the multipart field <c>file</c>; an upload costs nothing and is tried again like a read.</summary>
    public static async Task<string> UploadAsync(this IVideoProvider provider, string address, string path, string mediaType, CancellationToken stop)
    {
        var boundary = "omni-" + Guid.NewGuid().ToString("N");
        using var form = new MultipartFormDataContent(boundary);
        var file = new ByteArrayContent(await File.ReadAllBytesAsync(path, stop));
        // As curl and browsers send it: strict servers want quoted names and an unquoted boundary.
        file.Headers.ContentDisposition = new("form-data") { Name = "\"file\"", FileName = $"\"reference{Extension(mediaType)}\"" };
        file.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        form.Add(file);
        var answer = await provider.ReadAsync(
            new(HttpMethod.Post, address)
            {
                Body = await form.ReadAsByteArrayAsync(stop),
                ContentType = $"multipart/form-data; boundary={boundary}",
                Timeout = HttpConstants.UploadTimeout,
            }, stop);
        var body = Parse(answer, WireJson.Default.UploadBody);
        return (body?.Data?.Url ?? body?.Url) is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? url
            : throw (ProviderErrors.Read(answer.Body) is null ? ProviderErrors.Malformed(provider.Spec, answer, Charged.No) : ProviderErrors.Of(answer, provider.Spec, provider.Now(), Charged.No));
    }

    private static string Extension(string mediaType) =>
        mediaType switch { "image/png" => ".png", "image/jpeg" => ".jpg", "video/webm" => ".webm", "video/quicktime" => ".mov", _ => ".mp4" };

    /// <summary>The injected clock's time.</summary>
    public static DateTimeOffset Now(this IVideoProvider provider) => provider.Transport.Retry.Time.GetUtcNow();
}
