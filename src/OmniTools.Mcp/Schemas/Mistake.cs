namespace OmniTools.Mcp.Schemas;

/// <summary>One thing wrong with a call.</summary>
/// <param name="Field">The argument at fault.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="Received">What was given.</param>
/// <param name="Allowed">What is taken.</param>
internal sealed record Mistake(string Field, string What, string Received, string Allowed)
{
    public override string ToString() => $"{Field}: {What}. Received: {Received}. Allowed: {Allowed}.";
}
