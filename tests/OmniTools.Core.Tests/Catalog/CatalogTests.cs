using System.Text.Json.Nodes;
using Json.Schema;
using OmniTools.Catalog;

namespace OmniTools.Core.Tests.Catalog;

public sealed class CatalogTests
{
    [Theory]
    [InlineData("toapis")]
    [InlineData("apimart")]
    public void BuiltInFile_FollowsTheSchema(string name)
    {
        var result = Schema.Evaluate(JsonNode.Parse(Read(name)), new() { OutputFormat = OutputFormat.List });

        Assert.True(result.IsValid, string.Join("\n", result.Details.Where(detail => detail.HasErrors)
            .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}")));
    }

    [Theory]
    [InlineData("\"wire\": \"prompt\"", "\"wires\": \"prompt\"")]
    [InlineData("\"values\": [6, 10]", "\"values\": [\"6\"]")]
    [InlineData("\"read_on\": \"2026-05-20\"", "\"read_on\": \"May\"")]
    [InlineData("\"id\": \"toapis\"", "\"id\": \"another\"")]
    public void Schema_RefusesAMistake(string right, string wrong) =>
        Assert.False(
        Schema.Evaluate(JsonNode.Parse(Read("toapis").Replace(right, wrong, StringComparison.Ordinal))).IsValid);

    [Fact]
    public void BuiltInModels_HaveNoMistakeThatTheValidatorFinds()
    {
        foreach (var provider in ModelCatalog.Providers)
        {
            CatalogValidator.Check(provider.Models, "$");
            CatalogValidator.Check([provider.OtherModels with { Id = "other" }], "$");
            Assert.NotNull(provider.FindModel(provider.DefaultModel));
            Assert.All(provider.Models,
                model => Assert.True(model.Successor is null || provider.FindModel(model.Successor) is not null));
            Assert.DoesNotContain(provider.Models.SelectMany(model => model.Aliases),
                alias => provider.Models.Any(model => model.Id == alias));
            Assert.All(provider.FieldOrder.Order().Zip(CatalogFields.All.Order()),
                each => Assert.Equal(each.First, each.Second));
        }
        Assert.Equal((12, 18),
            (ModelCatalog.Provider("toapis").Models.Count, ModelCatalog.Provider("apimart").Models.Count));
    }

    private static JsonSchema Schema { get; } = JsonSchema.FromText(Read("catalog.schema"));

    private static string Read(string name)
    {
        using var stream = typeof(CatalogTests).Assembly.GetManifestResourceStream($"catalog/{name}.json")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
