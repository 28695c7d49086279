using System.Text.Json.Nodes;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>The type of an argument.</summary>
internal enum ParameterType
{
    String,
    Integer,
    Boolean,
    StringArray,
    Object,
}

/// <summary>One parameter of a tool. The schema, the validation and the error texts all come from it.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Description">One sentence for the assistant.</param>
internal sealed record ToolParameter(string Name, ParameterType Type, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>Whether an example of a call includes it although it is optional.</summary>
    public bool IncludeInExample { get; init; }

    /// <summary>Whether leaving it out changes which clip is made.</summary>
    public bool AffectsOutput { get; init; }

    /// <summary>The only values allowed; null: any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The least value of a number, or the least count of a list.</summary>
    public int? Minimum { get; init; }

    /// <summary>The greatest value of a number, the longest text, or the greatest count of a list.</summary>
    public int? Maximum { get; init; }

    /// <summary>The default value, as JSON.</summary>
    public string? Default { get; init; }

    /// <summary>A value for the example of a corrected call, as JSON.</summary>
    public required string Example { get; init; }

    /// <summary>The numbers that some model allows, where that is not the whole range.</summary>
    public IReadOnlyList<int>? Values { get; init; }

    /// <summary>What is allowed, where the schema says too little.</summary>
    public string? AllowedText { get; init; }

    /// <summary>A text of 1 to <paramref name="maximum"/> characters.</summary>
    public static ToolParameter String(string name, string description, int maximum, string example) =>
        new(name, ParameterType.String, description) { Minimum = 1, Maximum = maximum, Example = $"\"{example}\"" };

    /// <summary>A whole number in a range.</summary>
    public static ToolParameter Integer(string name, string description, int minimum, int maximum, string example) =>
        new(name, ParameterType.Integer, description) { Minimum = minimum, Maximum = maximum, Example = example };

    /// <summary>What is allowed, in words.</summary>
    public string Allowed =>
        Type switch
        {
            _ when AllowedText is not null => AllowedText,
            ParameterType.StringArray when Choices is not null =>
                "an array of " + string.Join(", ", Choices.Select(choice => $"\"{choice}\"")),
            _ when Choices is not null => "one of " + string.Join(", ", Choices.Select(choice => $"\"{choice}\"")),
            ParameterType.Object => $"a JSON object, for example {Example}",
            ParameterType.Integer when Maximum is null => "a whole number",
            ParameterType.Integer => $"a whole number from {Minimum} to {Maximum}",
            ParameterType.Boolean => "true or false",
            ParameterType.StringArray =>
                $"an array of {(Minimum > 0 ? $"{Minimum} to {Maximum}" : $"at most {Maximum}")} strings",
            _ => Maximum is null ? "a string that is not empty" : $"a string of 1 to {Maximum} characters",
        };

    public JsonObject ToSchema()
    {
        var schema = new JsonObject
        {
            ["type"] = Type == ParameterType.StringArray ? "array" : ResultJson.ToSnakeCase(Type.ToString()),
        };
        if (Description.Length > 0)
            schema["description"] = Description;
        var choices = Choices is null ? null : new JsonArray([.. Choices.Select(choice => (JsonNode)choice)]);
        if (Type == ParameterType.StringArray)
            schema["items"] = choices is null ? new JsonObject { ["type"] = "string", ["minLength"] = 1 }
                : new JsonObject { ["type"] = "string", ["enum"] = choices };
        else if (choices is not null)
            schema["enum"] = choices;
        var (least, most) = Type switch
        {
            ParameterType.Integer => ("minimum", "maximum"),
            ParameterType.StringArray => ("minItems", "maxItems"),
            _ => ("minLength", "maxLength"),
        };
        if (Minimum is { } lower)
            schema[least] = lower;
        if (Maximum is { } upper)
            schema[most] = upper;
        if (Default is not null)
            schema["default"] = JsonNode.Parse(Default);
        return schema;
    }
}
