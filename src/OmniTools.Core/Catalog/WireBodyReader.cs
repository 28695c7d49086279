using System.Globalization;
using System.Text.Json;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>
/// Reads the JSON of a request back, as strictly as a typed server: what <see cref="RequestBody"/> would not write is
/// refused.
/// </summary>
internal sealed class WireBodyReader
{
    private static readonly string[] MediaNames = ["images", "first_frame", "last_frame", "videos"];

    private readonly ModelSpec model;
    private readonly Dictionary<string, JsonElement> values = [];

    private WireBodyReader(JsonElement body, ModelSpec model, IReadOnlyList<string> otherFields)
    {
        this.model = model;
        var paths = CatalogFields.WirePaths(model).Concat(model.Options.Keys).Concat(otherFields).ToHashSet();
        Collect(body, "", paths);
    }

    /// <summary>
    /// The request that a body is for. <paramref name="otherFields"/> are allowed beside the model's.
    /// </summary>
    /// <exception cref="WireBodyMistake">The body has a field that the model does not have, or a wrong type or
    /// word.</exception>
    public static VideoRequest Read(JsonElement body, ModelSpec model, IReadOnlyList<string> otherFields)
    {
        var reader = new WireBodyReader(body, model, otherFields);
        var request = new VideoRequest
        {
            Prompt = reader.Text(model.Prompt),
            NegativePrompt = reader.Text(model.NegativePrompt),
            Duration = (int?)reader.Number(model.Duration),
            AspectRatio = reader.Choice(model.AspectRatio),
            Resolution = reader.Choice(model.Resolution),
            Audio = reader.Flag(model.Audio),
            Seed = reader.Number(model.Seed),
            ExtendFrom = reader.Text(model.Extend),
            Options = reader.values.Where(value => model.Options.ContainsKey(value.Key)).ToDictionary(),
        };
        return reader.WithMedia(request);
    }

    private void Collect(JsonElement part, string path, HashSet<string> paths)
    {
        foreach (var field in part.EnumerateObject())
        {
            var here = path + field.Name;
            if (paths.Contains(here))
                values[here] = field.Value;
            else if (field.Value.ValueKind == JsonValueKind.Object
                && paths.Any(other => other.StartsWith(here + ".", StringComparison.Ordinal)))
                Collect(field.Value, here + ".", paths);
            else
                throw new WireBodyMistake($"Unknown field '{here}'");
        }
    }

    private string? Text(TextField? field) => field is null ? null : String(field.Wire);

    private string? String(string wire) => !values.TryGetValue(wire, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new WireBodyMistake($"{wire} has to be a string");

    private long? Number(NumberField? field)
    {
        if (field?.Wire is not { } wire || !values.TryGetValue(wire, out var value))
            return null;
        var isNumber = field.AsText
            ? long.TryParse(String(wire), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            : TryGetNumber(value, out number);
        return isNumber && (field != model.Duration || number is >= int.MinValue and <= int.MaxValue) ? number
            : throw new WireBodyMistake($"{wire} has to be an integer{(field.AsText ? " in a string" : "")}");
    }

    private static bool TryGetNumber(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private bool? Flag(FlagField? field) => field is null || !values.TryGetValue(field.Wire, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new WireBodyMistake($"{field.Wire} has to be true or false");

    private string? Choice(ChoiceField? field)
    {
        if (field?.Wire is not { } wire || String(wire) is not { } given || field.Values is null)
            return field?.Wire is { } any ? String(any) : null;
        return field.Values.FirstOrDefault(each => field.ToWire(each) == given)
            ?? (field.OthersAreDefault ? field.Default
                : throw new WireBodyMistake(
                $"{wire} has to be {string.Join(" or ", field.Values.Select(field.ToWire))}"));
    }

    private VideoRequest WithMedia(VideoRequest request)
    {
        var fields = MediaNames
            .Select(name => (Name: name, Field: model.FindField(name) as MediaField))
            .Where(each => each.Field is not null).Select(each => (each.Name, Field: each.Field!)).ToList();
        var used = new HashSet<string>();
        foreach (var group in fields.GroupBy(each => CatalogFields.WithoutIndex(each.Field.Wire)))
        {
            if (!values.TryGetValue(group.Key, out var value))
                continue;
            var chosen = Choose(group.ToList());
            foreach (var set in chosen.SelectMany(each => each.Field.Sets?.Keys ?? []))
                used.Add(set);
            request = chosen.Any(each => each.Field.Role is not null) ? WithRoles(request, group.Key, value, chosen)
                : chosen.Any(each => each.Name is "images" or "videos" || each.Field.Wire != group.Key)
                ? WithArray(request, group.Key, value, chosen)
                : With(request, chosen[0].Name, chosen[0].Field, group.Key, [String(group.Key)!]);
        }
        var unused = fields.SelectMany(each => each.Field.Sets?.Keys ?? [])
            .FirstOrDefault(set => values.ContainsKey(set) && !used.Contains(set));
        return unused is null
            ? request
            : throw new WireBodyMistake($"{unused} has another value than its references need, or has none");
    }

    // Those whose fixed values are in the body; else those that have none.
    private List<(string Name, MediaField Field)> Choose(List<(string Name, MediaField Field)> group)
    {
        var set = group.Where(each => each.Field.Sets is { } sets && sets.All(pair => String(pair.Key) == pair.Value))
            .ToList();
        var free = group.Where(each => each.Field.Sets is null).ToList();
        return set.Count > 0 ? set : free.Count > 0 ? free
            : throw new WireBodyMistake($"{CatalogFields.WithoutIndex(group[0].Field.Wire)} needs " +
                string.Join(" or ",
                group.SelectMany(each => each.Field.Sets!).Select(pair => $"{pair.Key} {pair.Value}").Distinct()));
    }

    private static VideoRequest WithArray(VideoRequest request, string wire, JsonElement value,
        List<(string Name, MediaField Field)> fields)
    {
        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
            throw new WireBodyMistake($"{wire} has to be an array of strings");
        var urls = value.EnumerateArray().Select(each => each.GetString()!).ToList();
        if (fields.Find(each => each.Name is "images" or "videos") is { Name: { } name, Field: { } list })
            return With(request, name, list, wire, urls);
        if (urls.Count > fields.Count)
            throw new WireBodyMistake($"{wire} takes at most {fields.Count}");
        for (var i = 0; i < urls.Count; i++)
            request = With(request, fields[i].Name, fields[i].Field, wire, [urls[i]]);
        return request;
    }

    private static VideoRequest WithRoles(VideoRequest request, string wire, JsonElement value,
        List<(string Name, MediaField Field)> fields)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw new WireBodyMistake($"{wire} has to be an array of objects with url and role");
        var byRole = value.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Object && item.EnumerateObject().Count() == 2
            && item.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String
            && item.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
                ? (Url: url.GetString()!, Role: role.GetString()!)
                : throw new WireBodyMistake($"{wire} has to be an array of objects with url and role"))
                .ToLookup(each => each.Role, each => each.Url);
        foreach (var group in byRole)
        {
            var field = fields.Find(each => each.Field.Role == group.Key);
            if (field.Name is null || (field.Name is "first_frame" or "last_frame" && group.Count() > 1))
                throw new WireBodyMistake($"{wire} takes no such role, or not so often: {group.Key}");
            request = With(request, field.Name, field.Field, wire, [.. group]);
        }
        return request;
    }

    private static VideoRequest With(VideoRequest request, string name, MediaField field, string wire,
        List<string> urls)
    {
        foreach (var url in urls)
        {
            var form = Reference.GetForm(url);
            if (form != ReferenceForm.Url
                && !(form == ReferenceForm.Data && field.Data
                && url.StartsWith("data:video/", StringComparison.OrdinalIgnoreCase)))
                throw new WireBodyMistake($"{wire} has to be an http(s) URL{(field.Data ? " or data:video/..." : "")}");
        }
        return name switch
        {
            "images" => request with { Images = urls },
            "videos" => request with { Videos = urls },
            "first_frame" => request with { FirstFrame = urls[0] },
            _ => request with { LastFrame = urls[0] },
        };
    }
}

/// <summary>What is wrong with the JSON of a request.</summary>
internal sealed class WireBodyMistake(string message) : Exception(message);
