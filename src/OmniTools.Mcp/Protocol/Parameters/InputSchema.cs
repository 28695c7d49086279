using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>The closed schema of a tool's arguments. Arguments are checked against it here and nowhere else.</summary>
internal sealed class InputSchema(params IReadOnlyList<ToolParameter> parameters)
{
    private const int MaximumEcho = 120;
    private const int MaximumCall = 300;
    private const string UnknownValue = "unknown value";

    public IReadOnlyList<ToolParameter> Parameters => parameters;

    /// <summary>Names of arguments of which at least one is required. The default is none.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    public JsonElement ToJson()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.ToSchema()))),
        };
        JsonNode[] required = [.. parameters.Where(each => each.IsRequired).Select(each => (JsonNode)each.Name)];
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
        schema["additionalProperties"] = false;
        return JsonElement.Parse(schema.ToJsonString());
    }

    /// <summary>Reads the arguments, fills in defaults and returns every error. A null counts as omitted.</summary>
    public (ToolArguments Arguments, IReadOnlyList<ArgumentError> Errors) Read(IDictionary<string, JsonElement> given)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var errors = new List<ArgumentError>();
        foreach (var (name, value) in given)
        {
            if (parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter)
                errors.Add(new(ToDisplayText(name), "unknown argument", ToDisplayText(value),
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
    /// The corrected call: valid values are kept, invalid ones become the nearest valid value, unknown arguments are
    /// left out. Of a long call only the changes are described.
    /// </summary>
    public string Correct(IDictionary<string, JsonElement> given, IReadOnlyCollection<string> wrong)
    {
        var call = new JsonObject();
        var changes = new JsonObject();
        var values = given.Where(each => each.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal);
        var unknown = values.Keys.Where(name => parameters.All(parameter => parameter.Name != name)).ToList();
        foreach (var parameter in parameters)
        {
            var alias = values.ContainsKey(parameter.Name) ? null : FindAlias(parameter, unknown, values);
            JsonElement? value = values.TryGetValue(parameter.Name, out var own) ? own
                : alias is not null ? values[alias] : null;
            var isRight =
                value is { } known && FindProblem(parameter, known) is null && !wrong.Contains(parameter.Name);
            if (isRight)
                call[parameter.Name] = JsonNode.Parse(value!.Value.GetRawText());
            else if (value is not null || parameter.IsRequired || parameter.IncludeInExample
                || IsMissing(parameter, values))
                call[parameter.Name] = ArgumentRepair.Repair(parameter, value);
            if (call.ContainsKey(parameter.Name) && (!isRight || alias is not null))
                changes[parameter.Name] = call[parameter.Name]!.DeepClone();
        }
        return Shorten(call, changes, unknown);
    }

    /// <summary>The same call with other values for some arguments (null: without them).</summary>
    public static string Change(IDictionary<string, JsonElement> given, IReadOnlyDictionary<string, JsonNode?> changes)
    {
        var call = new JsonObject();
        foreach (var (name, value) in given)
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

    // An unknown argument with a similar name; a single unknown text is also taken for the main argument.
    private string? FindAlias(ToolParameter parameter, List<string> unknown, Dictionary<string, JsonElement> values) =>
        unknown.FirstOrDefault(name => ArgumentRepair.FindParameter(parameters, name) == parameter)
        ?? (parameter.IncludeInExample && unknown is [var only] && values[only].ValueKind == JsonValueKind.String
            && ArgumentRepair.FindParameter(parameters, only) is null ? only : null);

    private bool IsMissing(ToolParameter parameter, Dictionary<string, JsonElement> values) =>
        OneOf is [var first, ..] && first == parameter.Name && !OneOf.Any(values.ContainsKey);

    private static string Shorten(JsonObject call, JsonObject changes, List<string> dropped)
    {
        var all = call.ToJsonString(ResultJson.RelaxedOptions);
        if (all.Length <= MaximumCall)
            return all;
        var with = string.Join(" and ", changes.Select(each =>
            each.Value!.ToJsonString(ResultJson.RelaxedOptions) is { Length: <= MaximumEcho } text
                ? $"\"{each.Key}\":{text}"
            : each.Value is JsonArray items ? $"the first {items.Count} {each.Key}"
            : $"a shorter {each.Key}"));
        return "with the same arguments" + (with.Length == 0 ? "" : ", but " + with)
            + (dropped.Count == 0 ? "" : ", without " + string.Join(" and ", dropped.Select(ToDisplayText)));
    }

    private static string? FindProblem(ToolParameter parameter, JsonElement value) => parameter.Type switch
    {
        ParameterType.Boolean =>
            value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "it must be true or false",
        ParameterType.Integer => !ToolArguments.TryGetInteger(value, out var number) ? "it must be a whole number"
            : number < parameter.Minimum || number > parameter.Maximum ? "it is out of range" : null,
        ParameterType.Object => value.ValueKind == JsonValueKind.Object ? null : "it must be a JSON object",
        ParameterType.StringArray =>
            value.ValueKind != JsonValueKind.Array ? "it must be an array" : FindArrayProblem(parameter, value),
        _ when value.ValueKind != JsonValueKind.String => "it must be a string",
        _ => FindStringProblem(parameter, value.GetString()!),
    };

    private static string? FindArrayProblem(ToolParameter parameter, JsonElement array)
    {
        var texts = array.EnumerateArray()
            .Select(each => each.ValueKind == JsonValueKind.String ? each.GetString() : null).ToList();
        return texts.Any(string.IsNullOrWhiteSpace) ? "it must contain only strings that are not empty"
            : texts.Any(text => FindStringProblem(parameter, text!) == UnknownValue)
                ? "it contains an unknown value"
            : texts.Count < (parameter.Minimum ?? 0) ? "it has too few items"
            : texts.Count > parameter.Maximum ? "it has too many items" : null;
    }

    private static string? FindStringProblem(ToolParameter parameter, string text) =>
        string.IsNullOrWhiteSpace(text) ? "it is empty"
        : parameter.Type == ParameterType.String && text.Length > parameter.Maximum ? "it is too long"
        : parameter.Choices?.Contains(text, StringComparer.OrdinalIgnoreCase) == false ? UnknownValue
        : null;

    // Of a long list or text only the length matters.
    private static string DescribeReceived(ToolParameter parameter, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when parameter.Type == ParameterType.StringArray
            && value.GetArrayLength() > parameter.Maximum => $"{value.GetArrayLength()}",
        JsonValueKind.String when value.GetString()!.Length > MaximumEcho => $"{value.GetString()!.Length} characters",
        _ => ToDisplayText(value),
    };

    private static string ToDisplayText(JsonElement value) => ToDisplayText(value.GetRawText());

    private static string ToDisplayText(string text) =>
        ProviderText.Clean(ProviderText.Shorten(text, MaximumEcho)) ?? "an empty string";
}
