using System.Text.Json;
using OmniTools.Errors;

namespace OmniTools.Catalog;

/// <summary>Checks the options of a request: by the catalog for known models, by the reserved names for all.</summary>
internal sealed class OptionsCheck(ModelSpec rules, bool isKnown, Refusals refusals)
{
    private readonly List<string> wires = [.. CatalogFields.WirePaths(rules)];

    /// <summary>The options by their full paths.</summary>
    public IReadOnlyDictionary<string, JsonElement> Check(IReadOnlyDictionary<string, JsonElement> options)
    {
        var flat = new Dictionary<string, JsonElement>();
        foreach (var (path, value) in options.SelectMany(option => Flatten(option.Key, option.Value)))
        {
            CheckReserved(path, value);
            if (isKnown)
                CheckKnown(path, value);
            else if (!path.Split('.').All(IsName))
                throw Refuse(path, "is no field name", value, "letters, digits, _ and -, with points between them");
            if (!flat.TryAdd(path, value))
                throw Refuse(path, "is given twice", value, "once");
        }
        if (flat.Keys.FirstOrDefault(path => flat.Keys.Any(other => IsBelow(other, path))) is { } around)
            throw Refuse(around, "is given as a value and as an object", flat[around], "one of the two");
        return flat;
    }

    // {"metadata":{"task":"edit"}} and {"metadata.task":"edit"} are the same.
    private IEnumerable<(string Path, JsonElement Value)> Flatten(string path, JsonElement value)
    {
        var isObjectOfPaths = value.ValueKind == JsonValueKind.Object && !rules.Options.ContainsKey(path)
            && (path == "metadata" || rules.Options.Keys.Concat(wires).Any(other => IsBelow(other, path)));
        return isObjectOfPaths
            ? value.EnumerateObject().SelectMany(field => Flatten($"{path}.{field.Name}", field.Value))
            : [(path, value)];
    }

    private void CheckReserved(string path, JsonElement value)
    {
        if (ReservedFields.FindReason(path) is { } reason)
            throw Refuse(path, $"cannot be set: {reason}", value, "none");
        if (ReservedFields.FindInside(value) is { } inside)
            throw Refuse(path, $"has '{ProviderText.Clean(inside.Name)}' in it, which cannot be set: {inside.Reason}",
                value, "none");
        if (wires.Find(wire => wire == path || IsBelow(path, wire) || IsBelow(wire, path)) is not { } used)
            return;
        var owner = CatalogFields.Fields.First(field => field.FindSpec(rules) is { } spec
            && (CatalogFields.WireOf(spec) == used || (spec as MediaField)?.Sets?.ContainsKey(used) == true));
        throw Refuse(path, $"has an argument of its own: {owner.ErrorField}", value, "none");
    }

    private void CheckKnown(string path, JsonElement value)
    {
        if (!rules.Options.TryGetValue(path, out var option))
            throw Refuse(path, $"is not one that {refusals.ModelName} has", value,
                rules.Options.Count == 0 ? "none" : string.Join(", ", rules.Options.Keys));
        if (option.FindAllowed(value) is { } allowed)
            throw Refuse(path, $"does not take this value at {refusals.ModelName}", value, allowed);
    }

    private OmniException Refuse(string path, string problem, JsonElement value, string allowed) =>
        refusals.Refuse(CatalogFields.OptionPrefix + path, $"The option '{ProviderText.Clean(path)}' {problem}",
            $"{path}: {value.GetRawText()}", allowed);

    private static bool IsBelow(string path, string parent) =>
        path.StartsWith(parent + ".", StringComparison.Ordinal);

    private static bool IsName(string part) =>
        part.Length is > 0 and <= 100 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
