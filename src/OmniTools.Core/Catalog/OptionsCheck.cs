using System.Text.Json;
using OmniTools.Errors;

namespace OmniTools.Catalog;

/// <summary>Checks the options of a request: by the catalog for known models, by the reserved names for all.</summary>
internal static class OptionsCheck
{
    private const string Metadata = "metadata";

    /// <summary>The options by their full paths.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Check(
        IReadOnlyDictionary<string, JsonElement> options, ModelSpec rules, bool isKnown, Refusals refusals)
    {
        if (options.Count == 0)
            return options;
        var wires = CatalogFields.WirePaths(rules).ToList();
        var flat = new Dictionary<string, JsonElement>();
        foreach (var (path, value) in options.SelectMany(option => Flatten(option.Key, option.Value, rules, wires)))
        {
            CheckReserved(path, value, rules, wires, refusals);
            if (isKnown)
                CheckKnown(path, value, rules, refusals);
            else if (!IsPath(path))
                throw Refuse(path, "is no field name", value, "letters, digits, _ and -, with points between them",
                    refusals);
            if (!flat.TryAdd(path, value))
                throw Refuse(path, "is given twice", value, "once", refusals);
        }
        if (flat.Keys.FirstOrDefault(
            path => flat.Keys.Any(other => other.StartsWith(path + ".", StringComparison.Ordinal))) is { } around)
            throw Refuse(around, "is given as a value and as an object", flat[around], "one of the two", refusals);
        return flat;
    }

    // {"metadata":{"task":"edit"}} and {"metadata.task":"edit"} are the same.
    private static IEnumerable<(string Path, JsonElement Value)> Flatten(string path, JsonElement value,
        ModelSpec rules, List<string> wires)
    {
        var isObjectOfPaths = value.ValueKind == JsonValueKind.Object && !rules.Options.ContainsKey(path)
            && (path == Metadata
            || rules.Options.Keys.Concat(wires).Any(other => other.StartsWith(path + ".", StringComparison.Ordinal)));
        return isObjectOfPaths
            ? value.EnumerateObject().SelectMany(field => Flatten($"{path}.{field.Name}", field.Value, rules, wires))
            : [(path, value)];
    }

    private static void CheckReserved(string path, JsonElement value, ModelSpec rules, List<string> wires,
        Refusals refusals)
    {
        if (ReservedFields.FindReason(path) is { } reason)
            throw Refuse(path, $"cannot be set: {reason}", value, "none", refusals);
        if (ReservedFields.FindInside(value) is { } inside)
            throw Refuse(path, $"has '{ProviderText.Clean(inside.Name)}' in it, which cannot be set: {inside.Reason}",
                value, "none", refusals);
        var used = wires.FirstOrDefault(wire => wire == path || path.StartsWith(wire + ".", StringComparison.Ordinal)
            || wire.StartsWith(path + ".", StringComparison.Ordinal));
        if (used is null)
            return;
        var owner = CatalogFields.All.First(name => rules.FindField(name) is { } field
            && (CatalogFields.WireOf(field) == used || (field as MediaField)?.Sets?.ContainsKey(used) == true));
        throw Refuse(path, $"has an argument of its own: {CatalogFields.ToErrorField(owner)}", value, "none", refusals);
    }

    private static void CheckKnown(string path, JsonElement value, ModelSpec rules, Refusals refusals)
    {
        if (!rules.Options.TryGetValue(path, out var option))
        {
            throw Refuse(path, $"is not one that {refusals.ModelName} has", value,
                rules.Options.Count == 0 ? "none" : string.Join(", ", rules.Options.Keys), refusals);
        }
        if (OptionCheck.FindAllowed(option, value) is { } allowed)
            throw Refuse(path, $"does not take this value at {refusals.ModelName}", value, allowed, refusals);
    }

    private static OmniException Refuse(string path, string what, JsonElement value, string allowed,
        Refusals refusals) =>
        refusals.Refuse(CatalogFields.OptionPrefix + path, $"The option '{ProviderText.Clean(path)}' {what}",
            $"{path}: {value.GetRawText()}", allowed);

    private static bool IsPath(string path) =>
        path.Split('.')
        .All(part => part.Length is > 0 and <= 100 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'));
}
