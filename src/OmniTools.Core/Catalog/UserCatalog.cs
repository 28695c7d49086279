using System.Text.Json;
using System.Text.RegularExpressions;
using OmniTools.Errors;

namespace OmniTools.Catalog;

/// <summary>
/// Reads the user's own catalog: models that are added to the built-in ones, or replace those of the same id.
/// </summary>
internal static partial class UserCatalog
{
    public static ProviderCatalog Read(string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ModelCatalog.BuiltIn with { Problem = Unreadable(path, failure.Message) };
        }
        try
        {
            return Merge(JsonSerializer.Deserialize(json, CatalogJson.Default.CatalogFile)!.Providers);
        }
        catch (JsonException failure)
        {
            return ModelCatalog.BuiltIn with
            {
                Problem = Mistake(path, failure.LineNumber + 1, failure.Path, Explain(failure)),
            };
        }
        catch (CatalogMistake mistake)
        {
            return ModelCatalog.BuiltIn with
            {
                Problem = Mistake(path, JsonLocation.FindLine(json, mistake.Path), mistake.Path, mistake.Message),
            };
        }
    }

    /// <summary>A file that is not there, or cannot be opened.</summary>
    public static OmniException Unreadable(string path, string why) =>
        Problem($"{path}: {why}", "Make the file readable, or correct OMNI_CATALOG");

    private static ProviderCatalog Merge(IReadOnlyList<ProviderSpec> given)
    {
        var providers = ModelCatalog.BuiltIn.Providers.ToList();
        for (var i = 0; i < given.Count; i++)
        {
            var place = $"$.providers[{i}]";
            var known = providers.FindIndex(spec => spec.Id == given[i].Id);
            if (known < 0)
                throw new CatalogMistake(place + ".id", $"there is no provider '{given[i].Id}'");
            // A file of models must not send keys to another host, or change how a provider's answers are read.
            if (given[i] is not
                {
                    Name: "", BaseAddress: "", KeyVariable: "", DefaultModel: "",
                    OtherModels.Prompt: null
                })
                throw new CatalogMistake(place, "a catalog of your own has only the id and the models of a provider");
            CatalogValidator.Check(given[i].Models, place + ".models");
            var ids = given[i].Models.Select(model => model.Id).ToHashSet();
            providers[known] = providers[known] with
            {
                Models = [.. providers[known].Models.Where(model => !ids.Contains(model.Id)), .. given[i].Models],
            };
        }
        return new(providers);
    }

    private static OmniException Mistake(string path, long? line, string? field, string what) =>
        Problem($"{path}, line {line ?? 1}, field {field ?? "$"}: {what}", $"Correct {path}");

    private static OmniException Problem(string received, string nextStep) =>
        new(OmniErrorKind.InvalidConfiguration,
        "Your catalog of models has a mistake, so none of its models is used; the built-in models work", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "OMNI_CATALOG",
            Received = ProviderText.Clean(received.TrimEnd('.')),
            NextStep = nextStep,
        });

    // The reader's own words name types of this program.
    private static string Explain(JsonException failure) => failure.Message switch
    {
        var text when UnknownField().Match(text) is { Success: true } found =>
            $"there is no field '{found.Groups[1].Value}' here",
        var text when MissingFields().Match(text) is { Success: true } found => $"missing: {found.Groups[1].Value}",
        var text when text.Contains("could not be converted", StringComparison.Ordinal) =>
            "the value is of another type than the field takes",
        var text when text.Contains("does not contain any JSON", StringComparison.Ordinal) => "the file is empty",
        var text when text.IndexOf(" Path:", StringComparison.Ordinal) is > 0 and var end => text[..end],
        var text => text,
    };

    [GeneratedRegex("The JSON property '([^']*)' could not be mapped")]
    private static partial Regex UnknownField();

    [GeneratedRegex("missing required properties.*?: ([^.]*)")]
    private static partial Regex MissingFields();
}

/// <summary>A mistake in a catalog, and its place: a path such as <c>$.providers[0].models[1].duration</c>.</summary>
internal sealed class CatalogMistake(string path, string message) : Exception(message)
{
    public string Path => path;
}
