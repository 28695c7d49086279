using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Errors;

namespace OmniTools.Mcp.Schemas;

/// <summary>The closed schema of a tool's arguments, and the one place where arguments are held against it.</summary>
internal sealed class InputSchema(params IReadOnlyList<Field> fields)
{
    public IReadOnlyList<Field> Fields => fields;

    public JsonElement ToJson()
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.ToSchema()))) };
        if (fields.Any(field => field.IsRequired))
            schema["required"] = new JsonArray([.. fields.Where(field => field.IsRequired).Select(field => (JsonNode)field.Name)]);
        schema["additionalProperties"] = false;
        return JsonElement.Parse(schema.ToJsonString());
    }

    /// <summary>What is given, defaults filled in, and everything that is wrong with it. A null counts as left out.</summary>
    public (ToolArguments Arguments, IReadOnlyList<Mistake> Mistakes) Read(IDictionary<string, JsonElement>? given)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var mistakes = new List<Mistake>();
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            if (fields.FirstOrDefault(field => field.Name == name) is not { } field)
                mistakes.Add(new(Shown(name), "there is no such argument", Shown(value), fields.Count == 0 ? "no arguments" : "the arguments " + string.Join(", ", fields.Select(each => each.Name))));
            else if (value.ValueKind == JsonValueKind.Null)
                continue;
            else if (Problem(field, value) is { } problem)
                mistakes.Add(new(name, problem, Shown(value), field.Allowed));
            else
                values[name] = value;
        }
        foreach (var field in fields.Where(field => !values.ContainsKey(field.Name)))
        {
            if (field.IsRequired && mistakes.All(mistake => mistake.Field != field.Name))
                mistakes.Add(new(field.Name, "it is missing", "nothing", field.Allowed));
            if (field.Default is not null)
                values[field.Name] = JsonElement.Parse(field.Default);
        }
        return (new ToolArguments(values), mistakes);
    }

    /// <summary>
    /// The call as it should have been: what was right is kept, the fields of <paramref name="replaced"/> get their example, the
    /// one <paramref name="dropped"/> is left out where it can be.
    /// </summary>
    public string Corrected(IDictionary<string, JsonElement>? given, IReadOnlyCollection<string> replaced, string? dropped = null)
    {
        var call = new JsonObject();
        foreach (var field in fields)
        {
            var wasGiven = given is not null && given.TryGetValue(field.Name, out var value) && value.ValueKind != JsonValueKind.Null;
            var isExpected = field.IsRequired || field.IsUsual;
            if (replaced.Contains(field.Name) || (isExpected && (!wasGiven || field.Name == dropped)))
                call[field.Name] = JsonNode.Parse(field.Default ?? field.Example);
            else if (wasGiven && field.Name != dropped)
                call[field.Name] = JsonNode.Parse(given![field.Name].GetRawText());
        }
        return call.ToJsonString(Answers.AnswerJson.Relaxed);
    }

    private static string? Problem(Field field, JsonElement value) => field.Kind switch
    {
        FieldKind.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "it has to be true or false",
        FieldKind.Whole => !ToolArguments.TryWhole(value, out var number) ? "it has to be a whole number"
            : number < field.Least || number > field.Most ? "it is out of range" : null,
        FieldKind.Texts => value.ValueKind != JsonValueKind.Array ? "it has to be an array"
            : value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(each.GetString())) ? "it has to hold texts only, none of them empty"
            : value.GetArrayLength() < (field.Least ?? 0) || value.GetArrayLength() > field.Most ? "it holds too few or too many" : null,
        _ when value.ValueKind != JsonValueKind.String => "it has to be a text",
        _ => TextProblem(field, value.GetString()!),
    };

    private static string? TextProblem(Field field, string text) =>
        string.IsNullOrWhiteSpace(text) ? "it is empty"
        : text.Length > (field.Most ?? int.MaxValue) ? "it is too long"
        : field.Choices?.Contains(text, StringComparer.OrdinalIgnoreCase) == false ? "there is no such value" : null;

    private static string Shown(JsonElement value) => Shown(value.GetRawText());

    private static string Shown(string text) => ProviderText.Clean(text.Length > 120 ? text[..120] + "…" : text) ?? "an empty text";
}
