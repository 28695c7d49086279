using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools.Catalog;

/// <summary>
/// Checks a request against the rules of a model before anything is sent: servers ignore wrong values and bill. Every
/// refusal names field, received, allowed, and the models that can.
/// </summary>
internal static class RequestCheck
{
    /// <summary>Whether a provider's model takes the request as it is.</summary>
    public static bool CanDo(VideoRequest request, ProviderSpec provider, string model)
    {
        try
        {
            Check(request, provider, model);
            return true;
        }
        catch (OmniException)
        {
            return false;
        }
    }

    /// <summary>
    /// Checks a request. <paramref name="alternatives"/> gives the next step of a refusal: the models that can, or else
    /// what it is called with.
    /// </summary>
    /// <exception cref="OmniException">The model cannot do the request.</exception>
    public static CheckedRequest Check(VideoRequest request, ProviderSpec provider, string model,
        Func<string, string?>? alternatives = null)
    {
        if (request.RequestKey is { } key)
            RequestKey.Validate(key);
        var rules = provider.Rules(model, out var isKnown);
        var name = isKnown ? rules.Id : model;
        var refusals = new Refusals(provider, name, alternatives);
        request = Normalize(request) with { Provider = provider.Id, Model = name };
        request = request with { Options = new OptionsCheck(rules, isKnown, refusals).Check(request.Options) };
        request = FieldCheck.Check(request, rules, refusals);
        RuleCheck.CheckRequired(request, rules, refusals);
        var warnings = new List<string>();
        var excluded = new HashSet<string>();
        request = RuleCheck.Apply(request, rules, refusals, warnings, excluded);
        if (!isKnown)
        {
            warnings.Add($"The model '{ProviderText.Clean(model)}' is not in the catalog of {provider.Name}: "
                + "it is sent as it is, and only the rules common to all its models were checked.");
        }
        return new(request, provider, rules, warnings) { Excluded = excluded };
    }

    // A blank text is a value that was not given.
    private static VideoRequest Normalize(VideoRequest request) => request with
    {
        Prompt = Given(request.Prompt),
        NegativePrompt = Given(request.NegativePrompt),
        AspectRatio = Given(request.AspectRatio),
        Resolution = Given(request.Resolution),
        FirstFrame = Given(request.FirstFrame),
        LastFrame = Given(request.LastFrame),
        ExtendFrom = Given(request.ExtendFrom),
    };

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
