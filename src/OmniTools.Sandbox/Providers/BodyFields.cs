using System.Text.Json;
using OmniTools.Sandbox.Protocol;

namespace OmniTools.Sandbox.Providers;

/// <summary>
/// Reads the fields of a request's JSON as strictly as a typed server: another type, null included, is refused.
/// </summary>
internal sealed class BodyFields(JsonElement body)
{
    /// <summary>Reads a body that must be one JSON object.</summary>
    public static BodyFields Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            CheckTexts(bytes.Span);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(document.RootElement.Clone())
                : throw SandboxHttpException.Invalid("The body has to be a JSON object");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw SandboxHttpException.Invalid($"The body is not valid JSON: {failure.Message}");
        }
    }

    /// <summary>The body.</summary>
    public JsonElement Json => body;

    public string? GetText(string name) => GetField(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw SandboxHttpException.Invalid($"{name} has to be a string"),
    };

    public int? GetInteger(string name) => GetField(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) => value,
        _ => throw SandboxHttpException.Invalid($"{name} has to be an integer"),
    };

    /// <summary>A text that has to be there and not blank.</summary>
    public string GetRequiredText(string name) =>
        GetText(name) is { } text && !string.IsNullOrWhiteSpace(text)
        ? text
        : throw SandboxHttpException.Invalid($"{name} is required");

    // JsonDocument decodes a text only when it is read; invalid Unicode would be refused far from here.
    private static void CheckTexts(ReadOnlySpan<byte> bytes)
    {
        for (var reader = new Utf8JsonReader(bytes); reader.Read();)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                _ = reader.GetString();
        }
    }

    private JsonElement? GetField(string name) => body.TryGetProperty(name, out var value) ? value : null;
}
