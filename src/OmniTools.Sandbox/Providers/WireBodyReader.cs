using System.Globalization;
using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Requests;

namespace OmniTools.Sandbox.Providers;

/// <summary>
/// Reads the JSON of a request back, as strictly as a typed server: a body that <see cref="RequestBody"/> would not
/// write is refused.
/// </summary>
internal sealed class WireBodyReader
{
    private readonly ModelSpec model;
    private readonly Dictionary<string, JsonElement> values = [];

    private WireBodyReader(JsonElement body, ModelSpec model, IReadOnlyList<string> otherFields)
    {
        this.model = model;
        Collect(body, "", [.. CatalogFields.WirePaths(model), .. model.Options.Keys, .. otherFields]);
    }

    /// <summary>
    /// The request that a body is for. <paramref name="otherFields"/> are allowed beside the model's.
    /// </summary>
    /// <exception cref="InvalidBodyException">The body has a field that the model does not have, or a wrong type or
    /// word.</exception>
    public static VideoRequest Read(JsonElement body, ModelSpec model, IReadOnlyList<string> otherFields)
    {
        var reader = new WireBodyReader(body, model, otherFields);
        var request = new VideoRequest
        {
            Options = reader.values.Where(value => model.Options.ContainsKey(value.Key)).ToDictionary(),
        };
        foreach (var field in CatalogFields.Fields)
        {
            object? value = field.FindSpec(model) switch
            {
                TextField text => reader.ReadText(text.Wire),
                NumberField number => reader.ReadNumber(number),
                ChoiceField choice => reader.ReadChoice(choice),
                FlagField flag => reader.ReadFlag(flag),
                _ => null,
            };
            if (value is not null)
                request = field.Set(request, value);
        }
        return reader.AddMedia(request);
    }

    private void Collect(JsonElement part, string prefix, HashSet<string> paths)
    {
        foreach (var field in part.EnumerateObject())
        {
            var path = prefix + field.Name;
            if (paths.Contains(path))
                values[path] = field.Value;
            else if (field.Value.ValueKind == JsonValueKind.Object
                && paths.Any(other => other.StartsWith(path + ".", StringComparison.Ordinal)))
                Collect(field.Value, path + ".", paths);
            else
                throw new InvalidBodyException($"Unknown field '{path}'");
        }
    }

    private string? ReadText(string wire) => !values.TryGetValue(wire, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new InvalidBodyException($"{wire} has to be a string");

    private long? ReadNumber(NumberField field)
    {
        if (field.Wire is not { } wire || !values.TryGetValue(wire, out var value))
            return null;
        long number = 0;
        var isNumber = field.AsText
            ? long.TryParse(ReadText(wire), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
        return isNumber && (field != model.Duration || number is >= int.MinValue and <= int.MaxValue) ? number
            : throw new InvalidBodyException($"{wire} has to be an integer{(field.AsText ? " in a string" : "")}");
    }

    private bool? ReadFlag(FlagField field) => !values.TryGetValue(field.Wire, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new InvalidBodyException($"{field.Wire} has to be true or false");

    private string? ReadChoice(ChoiceField field)
    {
        if (field.Wire is not { } wire || ReadText(wire) is not { } given || field.Values is null)
            return field.Wire is null ? null : ReadText(field.Wire);
        return field.Values.FirstOrDefault(each => field.ToWire(each) == given)
            ?? (field.OthersAreDefault ? field.Default : throw new InvalidBodyException(
                $"{wire} has to be {string.Join(" or ", field.Values.Select(field.ToWire))}"));
    }

    private VideoRequest AddMedia(VideoRequest request)
    {
        var fields = CatalogFields.Fields.Where(field => field.FindSpec(model) is MediaField)
            .Select(field => new Media(field, (MediaField)field.FindSpec(model)!)).ToList();
        var used = new HashSet<string>();
        foreach (var group in fields.GroupBy(media => CatalogFields.WithoutIndex(media.Spec.Wire)))
        {
            if (!values.TryGetValue(group.Key, out var value))
                continue;
            var chosen = Choose([.. group]);
            used.UnionWith(chosen.SelectMany(media => media.Spec.Sets?.Keys ?? []));
            if (chosen.Exists(media => media.Spec.Role is not null))
                request = AddRoles(request, group.Key, value, chosen);
            else if (chosen.Exists(media => media.IsList || media.Spec.Wire != group.Key))
                request = AddArray(request, group.Key, value, chosen);
            else
                request = chosen[0].Add(request, group.Key, [ReadText(group.Key)!]);
        }
        var unused = fields.SelectMany(media => media.Spec.Sets?.Keys ?? [])
            .FirstOrDefault(set => values.ContainsKey(set) && !used.Contains(set));
        return unused is null ? request
            : throw new InvalidBodyException($"{unused} has another value than its references need, or has none");
    }

    // Those whose fixed values are in the body; else those that have none.
    private List<Media> Choose(List<Media> group)
    {
        var set = group.FindAll(
            media => media.Spec.Sets is { } sets && sets.All(pair => ReadText(pair.Key) == pair.Value));
        var free = group.FindAll(media => media.Spec.Sets is null);
        return set.Count > 0 ? set : free.Count > 0 ? free
            : throw new InvalidBodyException($"{CatalogFields.WithoutIndex(group[0].Spec.Wire)} needs "
                + string.Join(" or ", group.SelectMany(media => media.Spec.Sets!)
                    .Select(pair => $"{pair.Key} {pair.Value}").Distinct()));
    }

    private static VideoRequest AddArray(VideoRequest request, string wire, JsonElement value, List<Media> fields)
    {
        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
            throw new InvalidBodyException($"{wire} has to be an array of strings");
        var urls = value.EnumerateArray().Select(each => each.GetString()!).ToList();
        if (fields.Find(media => media.IsList) is { } list)
            return list.Add(request, wire, urls);
        return urls.Count > fields.Count
            ? throw new InvalidBodyException($"{wire} takes at most {fields.Count}")
            : fields.Zip(urls).Aggregate(request, (all, pair) => pair.First.Add(all, wire, [pair.Second]));
    }

    private static VideoRequest AddRoles(VideoRequest request, string wire, JsonElement value, List<Media> fields)
    {
        var wrongType = new InvalidBodyException($"{wire} has to be an array of objects with url and role");
        if (value.ValueKind != JsonValueKind.Array)
            throw wrongType;
        var byRole =
            value.EnumerateArray().ToLookup(item => ReadProperty(item, "role"), item => ReadProperty(item, "url"));
        foreach (var group in byRole)
        {
            var media = fields.Find(each => each.Spec.Role == group.Key);
            if (media is null || (!media.IsList && group.Count() > 1))
                throw new InvalidBodyException($"{wire} takes no such role, or not so often: {group.Key}");
            request = media.Add(request, wire, [.. group]);
        }
        return request;

        string ReadProperty(JsonElement item, string name) =>
            item.ValueKind == JsonValueKind.Object && item.EnumerateObject().Count() == 2
            && item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()!
                : throw wrongType;
    }

    private sealed record Media(CatalogField Field, MediaField Spec)
    {
        public bool IsList => Field.Name is "images" or "videos";

        public VideoRequest Add(VideoRequest request, string wire, IReadOnlyList<string> urls)
        {
            var isAllowed = urls.All(url => Reference.GetForm(url) == ReferenceForm.Url
                || (Spec.Data && Reference.GetForm(url) == ReferenceForm.Data && DataUri.IsVideo(url)));
            return isAllowed ? Field.Set(request, urls)
                : throw new InvalidBodyException(
                    $"{wire} has to be an http(s) URL{(Spec.Data ? " or data:video/..." : "")}");
        }
    }
}

/// <summary>The JSON of a request is not valid.</summary>
internal sealed class InvalidBodyException(string message) : Exception(message);
