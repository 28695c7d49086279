using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Requests;
using OmniTools.Sandbox.Providers;

namespace OmniTools.Core.Tests.Catalog;

public sealed class RequestBodyTests
{
    [Fact]
    public void Bodies_OfEveryModelWithEachFieldAndOption()
    {
        var text = new StringBuilder(
            "# The JSON of requests, by model\n\nWritten by RequestBodyTests with OMNI_UPDATE_CATALOG=1.\n");
        foreach (var (provider, model) in CatalogSamples.Models)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {provider.Id}: {model.Id}\n\n");
            foreach (var (name, request) in CatalogSamples.For(provider, model))
            {
                var check = RequestCheck.Check(request, provider, model.Id);
                var body = TestProviders.Unreachable(provider.Id).WriteSubmit(check, "key-1").Body!.Value;
                text.Append(CultureInfo.InvariantCulture, $"- {name}: `{Encoding.UTF8.GetString(body.Span)}`\n");
            }
        }
        GoldenFile.Check("Bodies.md", text.ToString());
    }

    [Fact]
    public void Body_OfAnyRequestThatPassesTheCheck_HasOnlyTheModelsNamesAndValues()
    {
        var models = CatalogSamples.Models.ToList();
        var passed = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var (provider, model) = models[random.Next(models.Count)];
            try
            {
                var check = RequestCheck.Check(RandomRequest(random, model), provider, model.Id);
                var body = JsonElement.Parse(RequestBody.ToBytes(RequestBody.Build(check)).Span);
                AssertAllowed(body, Entry(provider.Id, model.Id));
                // A server that knows the catalog takes it, and reads the same request.
                var read = RequestCheck.Check(WireBodyReader.Read(body, model, ["model"]), provider, model.Id);
                Assert.Equal(body.ToString(),
                    Encoding.UTF8.GetString(RequestBody.ToBytes(RequestBody.Build(read)).Span));
                passed++;
            }
            catch (OmniException refused)
            {
                Assert.Equal((OmniErrorKind.InvalidRequest, Charged.No), (refused.Kind, refused.Charged));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
        Assert.InRange(passed, 200, 5000);
    }

    private static VideoRequest RandomRequest(Random random, ModelSpec model)
    {
        var request = random.Next(5) == 0 ? new VideoRequest() : new() { Prompt = "a cat" };
        foreach (var name in CatalogFields.All.Where(name => model.FindField(name) is not null && random.Next(4) == 0))
            request = CatalogSamples.Give(request, model, name, RandomTest(random, model, name));
        foreach (var option in model.Options.Keys.Where(_ => random.Next(6) == 0))
            request = CatalogSamples.Give(request, model, CatalogFields.OptionPrefix + option);
        // Now and then a field or value that the model does not have.
        return random.Next(8) switch
        {
            0 => request with { AspectRatio = "5:4" },
            1 => request with { Duration = random.Next(-2, 40) },
            2 => request with { Resolution = "8k" },
            3 => request with { Seed = random.Next() },
            4 => request with { Options = RequestOptions.Parse("""{"n":2}""") },
            _ => request,
        };
    }

    private static FieldTest? RandomTest(Random random, ModelSpec model, string name) => name switch
    {
        "images" or "videos" => new() { Min = random.Next(1, 6) },
        "aspect_ratio" when model.AspectRatio!.Values is { } values =>
            new() { Values = [values[random.Next(values.Count)]] },
        "resolution" when model.Resolution!.Values is { } values =>
            new() { Values = [values[random.Next(values.Count)].ToUpperInvariant()] },
        "duration" => new() { Values = [$"{random.Next(1, 31)}"] },
        _ => null,
    };

    // Read from the file's text, so that the check does not depend on the program's reader.
    private static JsonElement Entry(string provider, string model)
    {
        using var stream = typeof(RequestBodyTests).Assembly.GetManifestResourceStream($"catalog/{provider}.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("providers")[0].GetProperty("models").EnumerateArray()
            .Single(each => each.GetProperty("id").GetString() == model);
    }

    private static void AssertAllowed(JsonElement body, JsonElement entry)
    {
        var allowed = new Dictionary<string, Func<JsonElement, bool>>
        {
            ["model"] = value => value.GetString() == entry.GetProperty("id").GetString(),
        };
        foreach (var field in entry.EnumerateObject()
            .Where(field => field.Value.ValueKind == JsonValueKind.Object && field.Value.TryGetProperty("wire", out _)))
        {
            var wire = field.Value.GetProperty("wire").GetString()!.Split('[')[0];
            var map = field.Value.TryGetProperty("map", out var words) ? words : default;
            var isChecked = field.Value.TryGetProperty("values", out var values);
            allowed.TryAdd(wire, value => !isChecked || values.EnumerateArray().Any(each =>
                (map.ValueKind == JsonValueKind.Object && map.TryGetProperty(each.ToString(), out var word)
                ? word
                : each).ToString() == value.ToString()));
            if (field.Value.TryGetProperty("sets", out var sets))
            {
                foreach (var set in sets.EnumerateObject())
                {
                    var before = allowed.GetValueOrDefault(set.Name);
                    allowed[set.Name] =
                        value => before?.Invoke(value) == true || value.GetString() == set.Value.GetString();
                }
            }
        }
        if (entry.TryGetProperty("options", out var options))
        {
            foreach (var option in options.EnumerateObject())
            {
                allowed[option.Name] = value => !option.Value.TryGetProperty("values", out var values)
                    || values.EnumerateArray().Any(each => each.ToString() == value.ToString());
            }
        }
        foreach (var (path, value) in Flatten(body, ""))
        {
            Assert.True(allowed.TryGetValue(path, out var isAllowed), $"{path} is no name of the model: {body}");
            Assert.True(isAllowed(value), $"{path} has a value of no model: {body}");
        }
    }

    private static IEnumerable<(string Path, JsonElement Value)> Flatten(JsonElement part, string path) =>
        part.EnumerateObject()
        .SelectMany(field => field.Value.ValueKind == JsonValueKind.Object && field.Name == "metadata"
            ? Flatten(field.Value, path + field.Name + ".") : [(path + field.Name, field.Value)]);
}
