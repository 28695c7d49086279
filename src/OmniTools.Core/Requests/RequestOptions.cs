using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OmniTools.Errors;

namespace OmniTools.Requests;

/// <summary>The <see cref="VideoRequest.Options"/> of a request.</summary>
public static class RequestOptions
{
    /// <summary>No options.</summary>
    public static IReadOnlyDictionary<string, JsonElement> None { get; } = new Dictionary<string, JsonElement>();

    /// <summary>Reads options from the text of a JSON object.</summary>
    /// <exception cref="OmniException">The text is no JSON object.</exception>
    public static IReadOnlyDictionary<string, JsonElement> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return From(document.RootElement);
        }
        catch (JsonException)
        {
        }
        throw new OmniException(OmniErrorKind.InvalidRequest, "The options are not a JSON object", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "options",
            Received = ProviderText.Clean(json.Length > 80 ? json[..80] + "…" : json) ?? "an empty text",
            Allowed = """a JSON object, for example {"watermark":false}""",
            NextStep = $"Correct {OmniException.FieldName} and submit again",
        });
    }

    /// <summary>The fields of a JSON object, as options. They stay valid when its document is disposed.</summary>
    public static IReadOnlyDictionary<string, JsonElement> From(JsonElement json)
    {
        // Not ToDictionary: of a name that occurs twice, the last value counts, as everywhere in JSON.
        var options = new Dictionary<string, JsonElement>();
        foreach (var field in json.EnumerateObject())
            options[field.Name] = field.Value.Clone();
        return options;
    }

    /// <summary>The same text for the same options, in whatever order their fields are given.</summary>
    internal static string ToCanonicalJson(IReadOnlyDictionary<string, JsonElement> options)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteObject(writer, options);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonElement>> fields)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, From(value));
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var each in value.EnumerateArray())
                    WriteValue(writer, each);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
