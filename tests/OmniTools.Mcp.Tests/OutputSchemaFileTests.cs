using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using OmniTools.Mcp.Results;

namespace OmniTools.Mcp.Tests;

/// <summary>
/// The output schemas of the tools, derived from the types of their results. OMNI_UPDATE_SCHEMAS=1 writes the file.
/// </summary>
public sealed class OutputSchemaFileTests
{
    private static readonly Dictionary<string, Type> Results = new()
    {
        ["generate_video"] = typeof(GenerateVideoResult),
        ["get_video_task"] = typeof(GetVideoTaskResult),
        ["wait_video_task"] = typeof(WaitVideoTaskResult),
        ["save_video"] = typeof(SaveVideoResult),
        ["list_video_tasks"] = typeof(ListVideoTasksResult),
        ["list_models"] = typeof(ListModelsResult),
        ["get_provider_status"] = typeof(ProviderStatusResult),
    };

    // Written and read with the names and the omitted nulls of the answers themselves.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly JsonSchemaExporterOptions Exporter = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Simplify,
    };

    [Fact]
    public void OutputSchemas_AreThoseOfTheResultTypes()
    {
        var file = Path.Combine(Repository.Root, "src", "OmniTools.Mcp", "Results", "OutputSchemas.json");
        var schemas = new JsonObject(Results.Select(each =>
            KeyValuePair.Create(each.Key, (JsonNode?)Derive(each.Value))));
        var text = schemas.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("OMNI_UPDATE_SCHEMAS") == "1")
            File.WriteAllText(file, text);

        Assert.Equal(text, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    // An assistant reads every schema with the tool list, so only get_video_task lists the fields of a nested object;
    // the other tools list those that are always present.
    private static JsonNode Derive(Type type)
    {
        var schema = Options.GetJsonSchemaAsNode(type, Exporter);
        if (type != typeof(GetVideoTaskResult))
        {
            foreach (var (_, property) in schema["properties"]!.AsObject())
                (property!["items"] ?? property).AsObject().Remove("properties");
        }
        return schema;
    }

    private static JsonObject Simplify(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node)
            return new JsonObject { ["type"] = "object" };
        node.Remove("format");
        node.Remove("default");
        // A null is left out of an answer.
        if (node["required"] is JsonArray required)
        {
            foreach (var nullable in context.TypeInfo.Properties.Where(each => each.IsGetNullable))
                required.Remove(required.SingleOrDefault(name => name!.GetValue<string>() == nullable.Name));
        }
        if (node["type"] is JsonArray types)
            node["type"] = types.Select(type => type!.GetValue<string>()).Single(type => type != "null");
        var property = context.PropertyInfo?.AttributeProvider as MemberInfo;
        if (property?.GetCustomAttribute<DescriptionAttribute>() is { } description)
            node["description"] = description.Description;
        if (property?.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            node.Remove("type");
            node["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create((string)value!))]);
        }
        return node;
    }
}
