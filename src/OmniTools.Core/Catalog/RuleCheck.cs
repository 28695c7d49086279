using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>Checks the required fields, and the rules for some requests only.</summary>
internal static class RuleCheck
{
    public static void CheckRequired(VideoRequest request, ModelSpec model, Refusals refusals)
    {
        if (model.Required.FirstOrDefault(name => !IsGiven(name)) is { } missing)
            throw missing == "prompt"
                ? refusals.Refuse(missing, "A prompt is missing", "nothing", "a text: this model always needs one")
                : refusals.Refuse(missing, $"{refusals.ModelName} needs {CatalogFields.ToWords(missing)}", "nothing",
                    CatalogFields.ToWords(missing));
        if (model.AnyOf.Count == 0 || model.AnyOf.Any(IsGiven))
            return;
        var references = string.Join(", ",
            model.AnyOf.Where(name => name != "prompt").Select(CatalogFields.ToErrorField).Distinct());
        throw model.AnyOf.Contains("prompt")
            ? refusals.Refuse(model.AnyOf[0], "A prompt is missing", "nothing",
                $"a text, or at least one reference: {references}")
            : refusals.Refuse(model.AnyOf[0], $"{refusals.ModelName} needs a reference", "nothing",
                $"at least one of: {references}");

        bool IsGiven(string name) => CatalogFields.Find(name)!.IsGiven(request);
    }

    /// <summary>
    /// Applies the rules in their order; returns the request without the fields that the provider ignores, and adds the
    /// fields that have no meaning for it, whose defaults do not count either, to <paramref name="excluded"/>.
    /// </summary>
    public static VideoRequest Apply(VideoRequest request, ModelSpec model, Refusals refusals, List<string> warnings,
        HashSet<string> excluded)
    {
        foreach (var rule in model.Rules)
        {
            if (!rule.When.All(test => test.Value.Passes(Read(test.Key), ifUnknown: false)))
                continue;
            foreach (var (name, test) in rule.Then)
            {
                if (!test.Passes(Read(name), ifUnknown: true))
                    throw Refuse(rule, CatalogFields.Find(name)!, test, Read(name), refusals);
                if (test.IsGiven == false)
                    excluded.Add(name);
            }
            excluded.UnionWith(rule.Drop);
            foreach (var field in rule.Drop.Select(name => CatalogFields.Find(name)!))
            {
                if (!field.IsGiven(request))
                    continue;
                warnings.Add($"{refusals.ModelName} ignores {field.ErrorField} {Describe(rule.When)}: it is not sent.");
                request = field.Set(request, null);
            }
        }
        return request;

        FieldValue Read(string name) => CatalogFields.Find(name)!.Read(request, model);
    }

    private static OmniException Refuse(ModelRule rule, CatalogField field, FieldTest test, FieldValue value,
        Refusals refusals)
    {
        var (name, words, model) = (field.ErrorField, field.Words, refusals.ModelName);
        // Two fields that are both given and exclude each other.
        if (test.IsGiven == false && rule.When.Count == 1 && rule.When.Single() is { Value.IsGiven: true } other)
            return refusals.Refuse(field.Name,
                $"{Capitalize(CatalogFields.ToWords(other.Key))} and {words} exclude each other at {model}",
                $"{CatalogFields.ToErrorField(other.Key)} and {name}", "one of the two");
        var received = value.Text ?? (value.Number is { } number ? $"{number}" : "given");
        return test.IsGiven switch
        {
            true => refusals.Refuse(field.Name, $"{model} needs {words} {Describe(rule.When)}", "nothing", words),
            false => refusals.Refuse(field.Name, $"{model} does not take {words} {Describe(rule.When)}", "given",
                "none"),
            _ => refusals.Refuse(field.Name, $"{model} does not take this {name} {Describe(rule.When)}",
                value.IsGiven ? received : $"{received}, the default", $"{test}"),
        };
    }

    private static string Describe(IReadOnlyDictionary<string, FieldTest> tests) => tests.Count == 0 ? "here" :
        "with " + string.Join(" and ", tests.Select(test => test.Value switch
        {
            { IsGiven: true } => CatalogFields.ToErrorField(test.Key),
            { IsGiven: false } => $"no {CatalogFields.ToErrorField(test.Key)}",
            _ when test.Key.StartsWith(CatalogFields.OptionPrefix, StringComparison.Ordinal) =>
                $"{CatalogFields.ToWords(test.Key)} {test.Value}",
            _ => $"{CatalogFields.ToErrorField(test.Key)} {test.Value}",
        }));

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
