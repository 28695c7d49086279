using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Errors;

namespace OmniTools.Mcp.Schemas;

/// <summary>The closed schema of a tool's arguments, and the one place where arguments are held against it.</summary>
internal sealed class InputSchema(params IReadOnlyList<Field> fields)
{
    private const int MaximumEcho = 120;
    private const int MaximumCall = 300;

    public IReadOnlyList<Field> Fields => fields;

    /// <summary>Names of which one has to be given, where none alone is required.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

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
                mistakes.Add(new(name, problem, Received(field, value), field.Allowed));
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
        if (OneOf.Count > 0 && !OneOf.Any(name => values.ContainsKey(name) || mistakes.Any(mistake => mistake.Field == name)))
            mistakes.Add(new(OneOf[0], "it is missing", "nothing", string.Join(" or ", OneOf)));
        return (new ToolArguments(values), mistakes);
    }

    /// <summary>
    /// The call as it should have been: what was right is kept, what was wrong becomes the nearest right value, what has no place is
    /// left out. A long call is told by its changes.
    /// </summary>
    public string Corrected(IDictionary<string, JsonElement>? given, IReadOnlyCollection<string> wrong)
    {
        var call = new JsonObject();
        var changes = new JsonObject();
        var values = new Dictionary<string, JsonElement>((given ?? new Dictionary<string, JsonElement>()).Where(each => each.Value.ValueKind != JsonValueKind.Null), StringComparer.Ordinal);
        var unknown = values.Keys.Where(name => fields.All(field => field.Name != name)).ToList();
        foreach (var field in fields)
        {
            var alias = values.ContainsKey(field.Name) ? null : unknown.FirstOrDefault(name => ArgumentRepair.FindField(fields, name) == field)
                ?? (field.IsUsual && unknown is [var only] && ArgumentRepair.FindField(fields, only) is null && values[only].ValueKind == JsonValueKind.String ? only : null);
            JsonElement? value = values.TryGetValue(field.Name, out var own) ? own : alias is not null ? values[alias] : null;
            var isRight = value is { } known && Problem(field, known) is null && !wrong.Contains(field.Name);
            if (isRight)
                call[field.Name] = JsonNode.Parse(value!.Value.GetRawText());
            else if (value is not null || field.IsRequired || field.IsUsual || IsMissing(field, values))
                call[field.Name] = ArgumentRepair.Repair(field, value);
            if (call.ContainsKey(field.Name) && (!isRight || alias is not null))
                changes[field.Name] = call[field.Name]!.DeepClone();
        }
        return Short(call, changes, unknown);
    }

    /// <summary>The same call with other values for some arguments (null: without them).</summary>
    public static string With(IDictionary<string, JsonElement>? given, IReadOnlyDictionary<string, JsonNode?> changes)
    {
        var call = new JsonObject();
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            if (!changes.ContainsKey(name) && value.ValueKind != JsonValueKind.Null)
                call[name] = JsonNode.Parse(value.GetRawText());
        }
        foreach (var (name, value) in changes.Where(each => each.Value is not null))
            call[name] = value!.DeepClone();
        var changed = new JsonObject(changes.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value!.DeepClone())));
        return Short(call, changed, [.. changes.Where(each => each.Value is null).Select(each => each.Key)]);
    }

    private bool IsMissing(Field field, Dictionary<string, JsonElement> values) => OneOf is [var first, ..] && first == field.Name && !OneOf.Any(values.ContainsKey);

    private static string Short(JsonObject call, JsonObject changes, List<string> dropped)
    {
        var all = call.ToJsonString(Answers.AnswerJson.Relaxed);
        if (all.Length <= MaximumCall)
            return all;
        var with = changes.Select(each => each.Value!.ToJsonString(Answers.AnswerJson.Relaxed) is { Length: <= MaximumEcho } text
            ? $"\"{each.Key}\":{text}"
            : each.Value is JsonArray items ? string.Create(CultureInfo.InvariantCulture, $"the first {items.Count} {each.Key}") : $"a shorter {each.Key}").ToList();
        return "with the same arguments" + (with.Count == 0 ? "" : ", but " + string.Join(" and ", with))
            + (dropped.Count == 0 ? "" : ", without " + string.Join(" and ", dropped.Select(name => Shown(name))));
    }

    private static string? Problem(Field field, JsonElement value) => field.Kind switch
    {
        FieldKind.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "it has to be true or false",
        FieldKind.Whole => !ToolArguments.TryWhole(value, out var number) ? "it has to be a whole number"
            : number < field.Least || number > field.Most ? "it is out of range" : null,
        FieldKind.Texts => value.ValueKind != JsonValueKind.Array ? "it has to be an array"
            : value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(each.GetString())) ? "it has to hold texts only, none of them empty"
            : value.GetArrayLength() < (field.Least ?? 0) ? "it holds too few"
            : value.GetArrayLength() > field.Most ? "it holds too many" : null,
        _ when value.ValueKind != JsonValueKind.String => "it has to be a text",
        _ => TextProblem(field, value.GetString()!),
    };

    private static string? TextProblem(Field field, string text) =>
        string.IsNullOrWhiteSpace(text) ? "it is empty"
        : text.Length > (field.Most ?? int.MaxValue) ? "it is too long"
        : field.Choices?.Contains(text, StringComparer.OrdinalIgnoreCase) == false ? "there is no such value" : null;

    // Of a list the count is what matters, unless an item of it is wrong.
    private static string Received(Field field, JsonElement value) =>
        field.Kind == FieldKind.Texts && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > field.Most
            ? value.GetArrayLength().ToString(CultureInfo.InvariantCulture)
            : value.ValueKind == JsonValueKind.String && value.GetString()!.Length > MaximumEcho
                ? string.Create(CultureInfo.InvariantCulture, $"{value.GetString()!.Length} characters")
                : Shown(value);

    private static string Shown(JsonElement value) => Shown(value.GetRawText());

    private static string Shown(string text) => ProviderText.Clean(text.Length > MaximumEcho ? text[..MaximumEcho] + "…" : text) ?? "an empty text";
}
