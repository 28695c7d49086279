using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OmniTools.Errors;

namespace OmniTools.Providers;

/// <summary>
/// Reads values that providers write in more than one form. A value that cannot be read is null, never an error.
/// </summary>
internal static class JsonValueReader
{
    /// <summary>The longest text that is a task id, in UTF-16 units: those seen have about 30.</summary>
    public const int LongestId = 200;

    /// <summary>What a function reads from JSON; null when the text is not valid JSON.</summary>
    public static T? ReadJson<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A field of an object; null when there is none.</summary>
    public static JsonElement? Get(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var field) ? field : null;

    /// <summary>The objects of an array.</summary>
    public static IEnumerable<JsonElement> ReadObjects(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object)
            : [];

    /// <summary>Unix seconds up to the year 9000, as a number or a text.</summary>
    public static DateTimeOffset? ReadTime(JsonElement? value) =>
        ReadNumber(value) is { } seconds and > 0 and < 221_845_392_000m
        ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
        : null;

    /// <summary>A number, or a text that is one (a percent sign is allowed).</summary>
    public static decimal? ReadNumber(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var parsed) => parsed,
        { ValueKind: JsonValueKind.String }
            when decimal.TryParse(ReadText(value)?.TrimEnd('%'), NumberStyles.Number, CultureInfo.InvariantCulture,
            out var parsed) => parsed,
        _ => null,
    };

    /// <summary>A percentage, 0 to 100.</summary>
    public static int? ReadProgress(JsonElement? value) =>
        ReadNumber(value) is { } number ? (int)Math.Clamp(number, 0, 100) : null;

    /// <summary>A non-negative count of seconds.</summary>
    public static int? ReadSeconds(JsonElement? value) =>
        ReadNumber(value) is { } number and >= 0 and < 1_000_000 ? (int)number : null;

    /// <summary>A sum of money or credits; null when it is negative or absurdly large.</summary>
    public static decimal? ReadAmount(JsonElement? value) =>
        ReadNumber(value) is { } amount and >= 0 and <= 1_000_000_000 ? amount : null;

    /// <summary>
    /// An id: opaque, and by all that is known a text, but a number is one too. A value that cannot be one is an error:
    /// the response may be about a task that is paid for.
    /// </summary>
    public static string? ReadId(JsonElement? value)
    {
        var id = value is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : ReadText(value);
        return id is null || IsValidId(id)
            ? id
            : throw new OmniException(OmniErrorKind.ProviderUnavailable,
            "The provider answered with something that is no task id", new()
            {
                WasSent = true,
                Received = ProviderText.Clean(id) ?? "nothing that can be seen",
                Allowed = $"up to {LongestId} visible characters",
                NextStep = "Call again in a minute; if it stays so, ask the provider",
            });
    }

    /// <summary>Whether a text can be an id: it is shown, typed again and sent as one segment of a path.</summary>
    public static bool IsValidId([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= LongestId } and not ("." or "..") && ProviderText.Clean(text) == text;

    /// <summary>A text.</summary>
    public static string? ReadText(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text && DecodeText(text) is { Length: > 0 } content
        ? content
        : null;

    /// <summary>A text, or every text of an array.</summary>
    public static IEnumerable<string> ReadTexts(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Array } =>
            value.Value.EnumerateArray().Select(each => ReadText(each)).OfType<string>(),
        _ => ReadText(value) is { } one ? [one] : [],
    };

    // The parser passes broken UTF-8 and half surrogate pairs; only decoding finds them.
    private static string? DecodeText(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>How requests are written and answers read at every provider.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BalanceBody))]
[JsonSerializable(typeof(UploadBody))]
internal sealed partial class ProviderJson : JsonSerializerContext;

/// <summary>The answer of both providers' balance endpoints.</summary>
internal sealed record BalanceBody(bool? Success, string? Message, JsonElement? RemainBalance, JsonElement? UsedBalance,
    JsonElement? RemainCredits, bool? UnlimitedQuota);

/// <summary>The answers of both providers' upload endpoints: the URL is inside <c>data</c> or beside it.</summary>
internal sealed record UploadBody(string? Url, UploadBody? Data);
