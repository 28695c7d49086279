using System.Globalization;
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

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="provider">The provider it is for.</param>
    /// <param name="model">The provider's model, by id or alias.</param>
    /// <param name="alternatives">Gives the next step of a refusal: the models that can, or else what it is called
    /// with.</param>
    /// <exception cref="OmniException">The model cannot do the request.</exception>
    public static CheckedRequest Check(VideoRequest request, ProviderSpec provider, string model,
        Func<string, string?>? alternatives = null)
    {
        if (request.RequestKey is { } key)
            RequestKey.Validate(key);
        var rules = provider.Rules(model, out var isKnown);
        var name = isKnown ? rules.Id : model;
        var refusals = new Refusals(provider, rules, name, alternatives);
        request = Normalize(request) with { Provider = provider.Id, Model = name };
        request = request with { Options = new OptionsCheck(rules, isKnown, refusals).Check(request.Options) };
        MediaCheck.Check(request, rules, refusals);
        if (request.ExtendFrom is { } earlier && rules.Extend is null)
            throw refusals.Refuse("extend", $"{refusals.ModelName} cannot continue an earlier video", earlier, "none");
        request = CheckChoices(request, rules, refusals);
        CheckNumber("duration", request.Duration, rules.Duration, refusals);
        CheckNumber("seed", request.Seed, rules.Seed, refusals);
        CheckText("prompt", request.Prompt, rules.Prompt, refusals);
        CheckText("negative_prompt", request.NegativePrompt, rules.NegativePrompt, refusals);
        if (request.Audio is { } audio && rules.Audio is null)
            throw refusals.NotTaken("audio", audio ? "on" : "off");
        RuleCheck.CheckRequired(request, rules, refusals);
        var warnings = new List<string>();
        var excluded = new HashSet<string>();
        request = RuleCheck.Apply(request, rules, refusals, warnings, excluded);
        if (!isKnown)
        {
            warnings.Add(
                $"The model '{ProviderText.Clean(model)}' is not in the catalog of {provider.Name}: "
                + "it is sent as it is, " +
                "and only the rules common to all its models were checked.");
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

    private static VideoRequest CheckChoices(VideoRequest request, ModelSpec rules, Refusals refusals)
    {
        return request with
        {
            AspectRatio = Find("aspect_ratio", request.AspectRatio, rules.AspectRatio),
            Resolution = Find("resolution", request.Resolution, rules.Resolution),
        };

        string? Find(string field, string? given, ChoiceField? choice)
        {
            if (given is null)
                return null;
            if (choice is null)
                throw refusals.NotTaken(field, given);
            return choice.Find(given) ?? throw refusals.Refuse(field,
                $"{refusals.Model} does not take this {field.Replace('_', ' ')}", given,
                $"{refusals.Provider.Id}: {choice}");
        }
    }

    private static void CheckNumber(string field, long? given, NumberField? number, Refusals refusals)
    {
        if (given is not { } value || number?.Allows(value) == true)
            return;
        var received = value.ToString(CultureInfo.InvariantCulture) + (field == "duration" ? " s" : "");
        throw (number, field) switch
        {
            (null, "duration") => refusals.Refuse(field,
                $"{refusals.ModelName} has no duration to set: the model decides it", received, "none"),
            (null, _) => refusals.NotTaken(field, received),
            (_, "duration") => refusals.Refuse(field, $"{refusals.Model} does not make clips of this length", received,
                $"{refusals.Provider.Id}: {number}"),
            _ => refusals.Refuse(field, $"{refusals.Model} does not take this {field}", received, $"{number}"),
        };
    }

    private static void CheckText(string field, string? given, TextField? text, Refusals refusals)
    {
        if (given is null)
            return;
        if (text is null)
            throw refusals.NotTaken(field, given);
        if (given.Length > text.MaxLength)
        {
            throw refusals.Refuse(field, $"The {field.Replace('_', ' ')} is too long",
                string.Create(CultureInfo.InvariantCulture, $"{given.Length} characters"), $"at most {text.MaxLength}");
        }
    }
}
