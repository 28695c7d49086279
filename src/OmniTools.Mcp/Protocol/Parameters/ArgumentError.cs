namespace OmniTools.Mcp.Protocol.Parameters;

/// <summary>One invalid argument of a call.</summary>
/// <param name="Parameter">The name of the argument.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Received">What was given.</param>
/// <param name="Allowed">What is allowed.</param>
internal sealed record ArgumentError(string Parameter, string Problem, string Received, string Allowed)
{
    public override string ToString() => $"{Parameter}: {Problem}. Received: {Received}. Allowed: {Allowed}.";
}
