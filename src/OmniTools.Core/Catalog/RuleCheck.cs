using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>Checks the required fields, and the rules for some requests only.</summary>
internal static class RuleCheck
{
    public static void CheckRequired(VideoRequest request, ModelSpec model, Refusals refusals)
    {
        if (model.Required.FirstOrDefault(name => !RequestFields.Get(request, model, name).IsGiven) is { } missing)
        {
            throw missing == "prompt"
                ? refusals.Refuse(missing, "A prompt is missing", "nothing", "a text: this model always needs one")
                : refusals.Refuse(missing, $"{refusals.ModelName} needs {CatalogFields.ToWords(missing)}", "nothing",
                CatalogFields.ToWords(missing));
        }
        if (model.AnyOf.Count == 0 || model.AnyOf.Any(name => RequestFields.Get(request, model, name).IsGiven))
            return;
        var references = model.AnyOf.Where(name => name != "prompt").ToList();
        var isForPrompt = references.Count < model.AnyOf.Count;
        throw refusals.Refuse(model.AnyOf[0],
            isForPrompt ? "A prompt is missing" : $"{refusals.ModelName} needs a reference", "nothing",
            isForPrompt
            ? $"a text, or at least one reference: {Join(references)}"
            : $"at least one of: {Join(references)}");

        static string Join(IEnumerable<string> names) =>
            string.Join(", ", names.Select(CatalogFields.ToErrorField).Distinct());
    }

    /// <summary>
    /// Applies the rules in their order; returns the request without the fields that the provider ignores, and adds the
    /// fields that have no meaning for it, whose defaults do not count either, to <paramref name="excluded"/>.
    /// </summary>
    public static VideoRequest Apply(VideoRequest request, ModelSpec model, Refusals refusals, List<string> warnings,
        HashSet<string> excluded)
    {
        foreach (var rule in model.Rules.Where(rule =>
            rule.When.All(test => test.Value.Passes(RequestFields.Get(request, model, test.Key), ifUnknown: false))))
        {
            foreach (var (name, test) in rule.Then)
            {
                var value = RequestFields.Get(request, model, name);
                if (!test.Passes(value, ifUnknown: true))
                    throw Refuse(rule, name, test, value, refusals);
                if (test.IsGiven == false)
                    excluded.Add(name);
            }
            excluded.UnionWith(rule.Drop);
            foreach (var name in rule.Drop.Where(name => RequestFields.Get(request, model, name).IsGiven))
            {
                warnings.Add(
                    $"{refusals.ModelName} ignores {CatalogFields.ToErrorField(name)} {Describe(rule.When)}: "
                    + "it is not sent.");
                request = RequestFields.Without(request, name);
            }
        }
        return request;
    }

    private static OmniException Refuse(ModelRule rule, string name, FieldTest test, FieldValue value,
        Refusals refusals)
    {
        // Two fields that are both given and exclude each other.
        if (test.IsGiven == false && rule.When.Count == 1 && rule.When.Single() is { Value.IsGiven: true } other)
        {
            return refusals.Refuse(name,
                $"{Capitalize(CatalogFields.ToWords(other.Key))} and {CatalogFields.ToWords(name)} exclude each other "
                + $"at {refusals.ModelName}",
                $"{CatalogFields.ToErrorField(other.Key)} and {CatalogFields.ToErrorField(name)}", "one of the two");
        }
        if (test.IsGiven == true)
        {
            return refusals.Refuse(name,
                $"{refusals.ModelName} needs {CatalogFields.ToWords(name)} {Describe(rule.When)}", "nothing",
                CatalogFields.ToWords(name));
        }
        if (test.IsGiven == false)
        {
            return refusals.Refuse(name,
                $"{refusals.ModelName} does not take {CatalogFields.ToWords(name)} {Describe(rule.When)}", "given",
                "none");
        }
        var received = value.Text ?? (value.Number is { } number ? $"{number}" : "given");
        return refusals.Refuse(name,
            $"{refusals.ModelName} does not take this {CatalogFields.ToErrorField(name)} {Describe(rule.When)}",
            value.IsGiven ? received : $"{received}, the default", $"{test}");
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
