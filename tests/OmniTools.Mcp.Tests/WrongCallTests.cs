namespace OmniTools.Mcp.Tests;

/// <summary>What Mistakes.md cannot show of the answers to wrong calls.</summary>
public sealed class WrongCallTests
{
    [Fact]
    public async Task The_correct_call_that_a_refusal_shows_is_taken()
    {
        await using var server = await ServerFixture.StartAsync();
        var text = await server.RefusalAsync("generate_video", """{"duration_seconds":0,"dry_run":true,"foo":1}""");

        var correct = text[
            (text.LastIndexOf("generate_video ", StringComparison.Ordinal) + "generate_video ".Length)..
        ];
        var answer = await server.GetAsync("generate_video", correct);

        Assert.Equal("dry_run", answer.GetProperty("status").GetString());
    }

    [Fact]
    public async Task CorrectCall_OfALongCall_NamesTheChangesAndRepeatsNothing()
    {
        await using var server = await ServerFixture.StartAsync();

        var text = await server.RefusalAsync(
            "generate_video", $$"""{"prompt":"{{new string('x', 5000)}}","duration_seconds":0,"foo":1}""");

        AssertText.EndsWith(
            """A correct call: generate_video with the same arguments, but "duration_seconds":6, without foo""", text);
        Assert.InRange(text.Length, 1, 700);
    }
}
