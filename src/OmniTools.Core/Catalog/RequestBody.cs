using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>
/// Writes the JSON of a checked request, by the catalog alone. The same request gives the same bytes.
/// </summary>
internal static class RequestBody
{
    /// <summary>The body of a request whose references are URLs.</summary>
    public static JsonObject Build(CheckedRequest check)
    {
        var request = check.Request;
        var body = new JsonObject { ["model"] = request.Model };
        foreach (var name in check.Provider.FieldOrder)
            Write(body, request, check.Model, name);
        foreach (var (path, value) in request.Options.OrderBy(option => option.Key, StringComparer.Ordinal))
            Set(body, path, ToNode(value));
        return body;
    }

    /// <summary>The bytes of a body. Prompts travel readable: nothing here ends up in HTML.</summary>
    public static ReadOnlyMemory<byte> ToBytes(JsonObject body)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            body.WriteTo(writer);
        return bytes.WrittenMemory;
    }

    private static void Write(JsonObject body, VideoRequest request, ModelSpec model, string name)
    {
        switch (model.FindField(name), CatalogFields.Find(name)!.Get(request))
        {
            case (TextField text, string given):
                Set(body, text.Wire, given);
                break;
            case (NumberField { Wire: { } wire } number, long given):
                Set(body, wire, number.AsText ? given.ToString(CultureInfo.InvariantCulture) : given);
                break;
            case (ChoiceField { Wire: { } wire } choice, string given):
                Set(body, wire, choice.ToWire(given));
                break;
            case (FlagField flag, bool given):
                Set(body, flag.Wire, given);
                break;
            case (MediaField media, IReadOnlyList<string> { Count: > 0 } given):
                WriteMedia(body, media, given, isOne: name is "first_frame" or "last_frame");
                break;
        }
    }

    private static void WriteMedia(JsonObject body, MediaField media, IReadOnlyList<string> given, bool isOne)
    {
        var path = CatalogFields.WithoutIndex(media.Wire);
        if (isOne && media.Role is null && path == media.Wire)
        {
            Set(body, path, given[0]);
        }
        else
        {
            var array = Find(body, path) as JsonArray;
            if (array is null)
                Set(body, path, array = []);
            foreach (var url in given)
                array.Add(
                    media.Role is { } role ? new JsonObject { ["url"] = url, ["role"] = role } : JsonValue.Create(url));
        }
        foreach (var (set, value) in media.Sets ?? new Dictionary<string, string>())
            Set(body, set, value);
    }

    private static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };

    private static JsonNode? Find(JsonObject body, string path)
    {
        JsonNode? node = body;
        foreach (var part in path.Split('.'))
            node = (node as JsonObject)?[part];
        return node;
    }

    private static void Set(JsonObject body, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
            body = body[part] as JsonObject ?? (JsonObject)(body[part] = new JsonObject());
        body[parts[^1]] = value;
    }
}
