using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Errors;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>The closed schema of a tool's arguments, and the one place where arguments are held against it.</summary>
internal sealed class InputSchema(params IReadOnlyList<ToolParameter> parameters)
{
    private const int MaximumEcho = 120;
    private const int MaximumCall = 300;
    private const string UnknownValue = "there is no such value";

    public IReadOnlyList<ToolParameter> Parameters => parameters;

    /// <summary>Names of which one has to be given, where none alone is required.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    public JsonElement ToJson()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.ToSchema()))),
        };
        if (parameters.Any(parameter => parameter.IsRequired))
            schema["required"] = new JsonArray([
                .. parameters.Where(parameter => parameter.IsRequired).Select(parameter => (JsonNode)parameter.Name),
            ]);
        schema["additionalProperties"] = false;
        return JsonElement.Parse(schema.ToJsonString());
    }

    /// <summary>Reads the arguments, fills in defaults and returns every error. A null counts as omitted.</summary>
    public (ToolArguments Arguments, IReadOnlyList<ArgumentError> Errors) Read(IDictionary<string, JsonElement>? given)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var errors = new List<ArgumentError>();
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            if (parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter)
                errors.Add(
                    new(
                        ToDisplayText(name),
                        "there is no such argument",
                        ToDisplayText(value),
                        parameters.Count == 0
                            ? "no arguments"
                            : "the arguments " + string.Join(", ", parameters.Select(each => each.Name))));
            else if (value.ValueKind == JsonValueKind.Null)
                continue;
            else if (FindProblem(parameter, value) is { } problem)
                errors.Add(new(name, problem, DescribeReceived(parameter, value), parameter.Allowed));
            else
                values[name] = value;
        }
        foreach (var parameter in parameters.Where(parameter => !values.ContainsKey(parameter.Name)))
        {
            if (parameter.IsRequired && errors.All(error => error.Parameter != parameter.Name))
                errors.Add(new(parameter.Name, "it is missing", "nothing", parameter.Allowed));
            if (parameter.Default is not null)
                values[parameter.Name] = JsonElement.Parse(parameter.Default);
        }
        if (OneOf.Count > 0 && !OneOf.Any(name =>
            values.ContainsKey(name) || errors.Any(error => error.Parameter == name)))
            errors.Add(new(OneOf[0], "it is missing", "nothing", string.Join(" or ", OneOf)));
        return (new ToolArguments(values), errors);
    }

    /// <summary>
    /// The call as it should have been: what was right is kept, what was wrong becomes the nearest right value, what
    /// has no place is left out. A long call is told by its changes.
    /// </summary>
    public string Correct(IDictionary<string, JsonElement>? given, IReadOnlyCollection<string> wrong)
    {
        var call = new JsonObject();
        var changes = new JsonObject();
        var values = (given ?? new Dictionary<string, JsonElement>())
            .Where(each => each.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal);
        var unknown = values.Keys.Where(name => parameters.All(parameter => parameter.Name != name)).ToList();
        foreach (var parameter in parameters)
        {
            var alias = values.ContainsKey(parameter.Name)
                ? null
                : unknown.FirstOrDefault(name => ArgumentRepair.FindParameter(parameters, name) == parameter)
                    ?? (
                        parameter.IncludeInExample
                        && unknown is [var only]
                        && ArgumentRepair.FindParameter(parameters, only) is null
                        && values[only].ValueKind == JsonValueKind.String
                            ? only
                            : null);
            JsonElement? value =
                values.TryGetValue(parameter.Name, out var own) ? own
                : alias is not null ? values[alias]
                : null;
            var isRight =
                value is { } known && FindProblem(parameter, known) is null && !wrong.Contains(parameter.Name);
            if (isRight)
                call[parameter.Name] = JsonNode.Parse(value!.Value.GetRawText());
            else if (
                value is not null || parameter.IsRequired || parameter.IncludeInExample || IsMissing(parameter, values))
                call[parameter.Name] = ArgumentRepair.Repair(parameter, value);
            if (call.ContainsKey(parameter.Name) && (!isRight || alias is not null))
                changes[parameter.Name] = call[parameter.Name]!.DeepClone();
        }
        return Shorten(call, changes, unknown);
    }

    /// <summary>The same call with other values for some arguments (null: without them).</summary>
    public static string Change(IDictionary<string, JsonElement>? given, IReadOnlyDictionary<string, JsonNode?> changes)
    {
        var call = new JsonObject();
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            if (!changes.ContainsKey(name) && value.ValueKind != JsonValueKind.Null)
                call[name] = JsonNode.Parse(value.GetRawText());
        }
        foreach (var (name, value) in changes.Where(each => each.Value is not null))
            call[name] = value!.DeepClone();
        var changed = new JsonObject(changes.Where(each => each.Value is not null)
            .Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value!.DeepClone())));
        return Shorten(call, changed, [.. changes.Where(each => each.Value is null).Select(each => each.Key)]);
    }

    private bool IsMissing(ToolParameter parameter, Dictionary<string, JsonElement> values) =>
        OneOf is [var first, ..] && first == parameter.Name && !OneOf.Any(values.ContainsKey);

    private static string Shorten(JsonObject call, JsonObject changes, List<string> dropped)
    {
        var all = call.ToJsonString(ResultJson.RelaxedOptions);
        if (all.Length <= MaximumCall)
            return all;
        var with = changes
            .Select(each =>
                each.Value!.ToJsonString(ResultJson.RelaxedOptions) is { Length: <= MaximumEcho } text
                    ? $"\"{each.Key}\":{text}"
                : each.Value is JsonArray items
                    ? $"the first {items.Count} {each.Key}"
                : $"a shorter {each.Key}")
            .ToList();
        return "with the same arguments"
            + (with.Count == 0 ? "" : ", but " + string.Join(" and ", with))
            + (
                dropped.Count == 0
                    ? ""
                    : ", without " + string.Join(" and ", dropped.Select(name => ToDisplayText(name))));
    }

    private static string? FindProblem(ToolParameter parameter, JsonElement value) =>
        parameter.Type switch
        {
            ParameterType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? null
                : "it has to be true or false",
            ParameterType.Integer => !ToolArguments.TryGetInteger(value, out var number) ? "it has to be a whole number"
            : number < parameter.Minimum || number > parameter.Maximum ? "it is out of range"
            : null,
            ParameterType.Object => value.ValueKind == JsonValueKind.Object ? null : "it has to be a JSON object",
            ParameterType.StringArray => value.ValueKind != JsonValueKind.Array ? "it has to be an array"
            : value
                .EnumerateArray()
                .Any(each => each.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(each.GetString()))
                ? "it has to hold texts only, none of them empty"
            : value.EnumerateArray().Any(each => FindStringProblem(parameter, each.GetString()!) == UnknownValue)
                ? "it holds a value that there is not"
            : value.GetArrayLength() < (parameter.Minimum ?? 0) ? "it holds too few"
            : value.GetArrayLength() > parameter.Maximum ? "it holds too many" : null,
            _ when value.ValueKind != JsonValueKind.String => "it has to be a text",
            _ => FindStringProblem(parameter, value.GetString()!),
        };

    private static string? FindStringProblem(ToolParameter parameter, string text) =>
        string.IsNullOrWhiteSpace(text) ? "it is empty"
        : parameter.Type == ParameterType.String && text.Length > parameter.Maximum ? "it is too long"
        : parameter.Choices?.Contains(text, StringComparer.OrdinalIgnoreCase) == false ? UnknownValue
        : null;

    // Of a list the count is what matters, unless an item of it is wrong.
    private static string DescribeReceived(ToolParameter parameter, JsonElement value) =>
        parameter.Type == ParameterType.StringArray
        && value.ValueKind == JsonValueKind.Array
        && value.GetArrayLength() > parameter.Maximum
            ? value.GetArrayLength().ToString(CultureInfo.InvariantCulture)
            : value.ValueKind == JsonValueKind.String && value.GetString()!.Length > MaximumEcho
                ? $"{value.GetString()!.Length} characters"
                : ToDisplayText(value);

    private static string ToDisplayText(JsonElement value) => ToDisplayText(value.GetRawText());

    private static string ToDisplayText(string text) =>
        ProviderText.Clean(text.Length > MaximumEcho ? text[..MaximumEcho] + "…" : text) ?? "an empty text";
}
