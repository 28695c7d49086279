namespace OmniTools.Catalog;

/// <summary>
/// Checks what the JSON Schema cannot: names that are reserved or used twice, values that contradict each other.
/// </summary>
internal static class CatalogValidator
{
    /// <summary>Throws <see cref="CatalogMistake"/> for the first mistake.</summary>
    public static void Check(IReadOnlyList<ModelSpec> models, string path)
    {
        var names = new HashSet<string>();
        for (var i = 0; i < models.Count; i++)
        {
            var place = $"{path}[{i}]";
            if (string.IsNullOrWhiteSpace(models[i].Id))
                throw new CatalogMistake(place, "missing: id");
            if (!names.Add(models[i].Id))
                throw new CatalogMistake(place + ".id", $"'{models[i].Id}' is here twice");
            CheckWires(models[i], place);
            CheckOptions(models[i], place);
            CheckValues(models[i], place);
            CheckRules(models[i], place);
        }
    }

    private static void CheckWires(ModelSpec model, string place)
    {
        var used = new Dictionary<string, bool>();
        foreach (var name in CatalogFields.All)
        {
            var field = model.FindField(name);
            if (CatalogFields.WireOf(field) is not { } wire)
                continue;
            if (FindWrong(wire) is { } wrong)
                throw new CatalogMistake($"{place}.{name}.wire", wrong);
            // Images and frames share an array: by place, by role, or by what is sent with them.
            var isShared = field is MediaField;
            if (used.TryGetValue(wire, out var wasShared) && !(isShared && wasShared))
                throw new CatalogMistake($"{place}.{name}.wire", $"'{wire}' is used by another field");
            used[wire] = isShared;
            foreach (var set in (field as MediaField)?.Sets?.Keys ?? [])
            {
                if (FindWrong(set) is { } reserved)
                    throw new CatalogMistake($"{place}.{name}.sets.{set}", reserved);
            }
        }
    }

    private static void CheckOptions(ModelSpec model, string place)
    {
        var wires = CatalogFields.WirePaths(model).ToList();
        foreach (var (name, option) in model.Options)
        {
            var here = $"{place}.options.{name}";
            if (FindWrong(name) is { } wrong)
                throw new CatalogMistake(here, wrong);
            if (wires.Concat(model.Options.Keys.Where(other => other != name))
                .FirstOrDefault(other => Overlaps(other, name)) is { } taken)
                throw new CatalogMistake(here, $"'{taken}' is used by another field");
            if (option.Type is not ("string" or "integer" or "number" or "boolean" or "array" or "object"))
                throw new CatalogMistake(here + ".type", "allowed: string, integer, number, boolean, array, object");
            foreach (var value in (option.Values ?? []).Concat(option.Default is { } standard ? [standard] : []))
            {
                if (option.FindType(value) is { } type)
                    throw new CatalogMistake(here, $"{value.GetRawText()} is not {type}");
            }
        }
    }

    private static void CheckValues(ModelSpec model, string place)
    {
        foreach (var (name, field) in new[] { ("aspect_ratio", model.AspectRatio), ("resolution", model.Resolution) })
        {
            if (field?.Default is { } standard && field.Values?.Contains(standard) == false)
                throw new CatalogMistake($"{place}.{name}.default", $"'{standard}' is not one of the values");
            if (field?.Map?.Keys.FirstOrDefault(key => field.Values?.Contains(key) == false) is { } key2)
                throw new CatalogMistake($"{place}.{name}.map.{key2}", $"'{key2}' is not one of the values");
        }
        foreach (var (name, field) in new[] { ("duration", model.Duration), ("seed", model.Seed) })
        {
            if (field?.Default is { } standard && !field.Allows(standard))
                throw new CatalogMistake($"{place}.{name}.default", $"{standard} is not one of the values");
            if (field is { Min: { } least, Max: { } most } && least > most)
                throw new CatalogMistake($"{place}.{name}.min", "min is above max");
        }
        if (model.Price is { } price && price.Basis is not ("effective" or "list" or "sample"))
            throw new CatalogMistake(place + ".price.basis", "allowed: effective, list, sample");
        if (model.Price is { } table && table.Per is not ("second" or "clip"))
            throw new CatalogMistake(place + ".price.per", "allowed: second, clip");
    }

    private static void CheckRules(ModelSpec model, string place)
    {
        CheckNames(model.Required, place + ".required");
        CheckNames(model.AnyOf, place + ".any_of");
        for (var i = 0; i < model.Rules.Count; i++)
        {
            var rule = $"{place}.rules[{i}]";
            CheckNames([.. model.Rules[i].When.Keys], rule + ".when");
            CheckNames([.. model.Rules[i].Then.Keys], rule + ".then");
            CheckNames(model.Rules[i].Drop, rule + ".drop");
        }

        void CheckNames(IReadOnlyList<string> names, string where)
        {
            if (names.FirstOrDefault(name => model.FindField(name) is null) is { } unknown)
                throw new CatalogMistake(where, $"the model has no field '{unknown}'");
        }
    }

    private static string? FindWrong(string path) =>
        ReservedFields.FindReason(path) is { } reason ? $"'{path}' is reserved: {reason}"
        : path.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'))
        ? null
        : $"'{path}' is no path: names of letters, digits, _ and -, with points between them";

    private static bool Overlaps(string one, string other) => one == other
        || one.StartsWith(other + ".", StringComparison.Ordinal)
        || other.StartsWith(one + ".", StringComparison.Ordinal);
}
