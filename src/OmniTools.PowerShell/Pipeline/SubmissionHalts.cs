namespace OmniTools.PowerShell.Pipeline;

/// <summary>The errors that all further rows would meet, and how many rows were not sent because of them.</summary>
internal sealed class SubmissionHalts
{
    private const string EveryProvider = "";
    private readonly Dictionary<string, Halt> halts = [];

    /// <summary>The errors, each with the number of rows it kept from being sent.</summary>
    public IEnumerable<(OmniException Problem, object? Item, string? About)> Errors =>
        halts.Values.Select(halt => (Counted(halt), halt.Item, halt.About));

    /// <summary>Takes an error; false for one that says nothing about other rows.</summary>
    /// <param name="problem">The error.</param>
    /// <param name="item">The row.</param>
    /// <param name="about">The row in words.</param>
    /// <param name="columns">The columns of a list whose every row would meet it.</param>
    /// <param name="wasHeld">Whether the row was held for ten minutes before it failed, as the others would be.</param>
    public bool TryAdd(OmniException problem, object? item, string? about, string? columns = null, bool wasHeld = false)
    {
        var scope = columns
            ?? problem.Kind switch
            {
                // A limit that resets is reached; a clip of unknown price, or above a limit, is refused for itself.
                OmniErrorKind.LimitReached when problem.RetryAt is not null => EveryProvider,
                OmniErrorKind.InsufficientBalance or OmniErrorKind.Authentication => problem.Provider ?? EveryProvider,
                OmniErrorKind.RateLimited or OmniErrorKind.ProviderUnavailable
                    when wasHeld && problem.Charged == Charged.No => problem.Provider ?? EveryProvider,
                _ => null,
            };
        if (scope is null)
            return false;
        if (!halts.TryAdd(scope, new(problem, item, about)))
            halts[scope].NotSent++;
        return true;
    }

    /// <summary>Whether a provider takes no more; the row is counted then.</summary>
    public bool Stops(string provider)
    {
        var halt = halts.GetValueOrDefault(EveryProvider) ?? halts.GetValueOrDefault(provider);
        if (halt is not null)
            halt.NotSent++;
        return halt is not null;
    }

    private static OmniException Counted(Halt halt)
    {
        if (halt.NotSent == 0)
            return halt.Problem;
        var rows = halt.NotSent == 1 ? "1 further row was not sent" : $"{halt.NotSent} further rows were not sent";
        var next = halt.Problem.NextStep is { } step && halt.Problem.Kind != OmniErrorKind.InvalidRequest
            ? $"{step.TrimEnd('.')}. Then run the command again: rows with a RequestKey are not bought twice"
            : halt.Problem.NextStep;
        return halt.Problem.With(
            halt.Problem.Details with { NextStep = next }, $"{halt.Problem.Summary.TrimEnd('.')}. {rows}");
    }

    private sealed record Halt(OmniException Problem, object? Item, string? About)
    {
        public int NotSent { get; set; }
    }
}
