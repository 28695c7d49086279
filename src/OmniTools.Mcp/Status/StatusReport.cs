using OmniTools.Catalog;
using OmniTools.Mcp.Protocol;
using OmniTools.Mcp.Results;
using OmniTools.Mcp.Session;
using OmniTools.Spending;

namespace OmniTools.Mcp.Status;

/// <summary>
/// Reports what is ready and what is missing, in short sentences. Keys appear only by the name of their variable.
/// </summary>
internal static class StatusReport
{
    private static readonly TimeSpan BalanceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Providers keep results for about a day. Older tasks have no URL left to save from, so the report does not look
    /// for them.
    /// </summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(14);

    public static async Task<ProviderStatusResult> CreateAsync(
        ServerSession session, CancellationToken cancellationToken)
    {
        var providers = await Task.WhenAll(
            session.Settings.Catalog.Providers.Select(spec => CheckProviderAsync(session, spec, cancellationToken)));
        var notes = new List<string>();
        var hasError = false;
        string? ledger = null;
        SpendingResult? spend = null;
        IReadOnlyList<string> expiring = [];
        try
        {
            ledger = session.Client.LedgerLocation;
            spend = SpendingResult.From(await session.Client.GetSpendingAsync(cancellationToken));
            expiring = await ListExpiringAsync(session, cancellationToken);
            notes.AddRange((await session.Client.ListTasksAsync(new() { Limit = 1 }, cancellationToken)).Warnings);
            if (providers.Any(provider => provider.Ready))
                notes.Add(ProviderChoice.Describe(session.Settings));
        }
        catch (OmniException error)
        {
            hasError = true;
            notes.Add(error.Message);
        }
        if (session.CatalogWarning is { } warning)
            notes.Add(warning);
        return new(
            Ready: !hasError && providers.Any(provider => provider.Ready), session.Settings.IsSandbox,
            session.Root.Folder, ledger, providers, spend, expiring.NullIfEmpty(), notes.NullIfEmpty());
    }

    public static IEnumerable<string> ToLines(ProviderStatusResult status)
    {
        if (status.IsSandbox)
            yield return "Sandbox: clips are stand-ins, no key is needed, nothing is billed.";
        foreach (var provider in status.Providers)
        {
            yield return $"{provider.Id}: {provider.Summary}";
            foreach (var model in provider.Models)
                yield return "  " + model;
        }
        if (status.Spend is { } spend)
            yield return spend.Sentence;
        yield return $"Files go below {status.OutputRoot}.";
        if (status.Ledger is { } ledger)
            yield return $"Ledger: {ledger}.";
        foreach (var line in status.Expiring ?? [])
            yield return line;
        foreach (var note in status.Notes ?? [])
            yield return note;
    }

    private static async Task<ProviderResult> CheckProviderAsync(
        ServerSession session, ProviderSpec spec, CancellationToken cancellationToken)
    {
        var configured = session.Settings.GetProviderSettings(spec);
        var ready = session.Settings.IsSandbox || configured.Key is not null;
        var check = ready ? await CheckBalanceAsync(session, spec, cancellationToken) : null;
        var refusal = session.Observations.FindRefusal(spec.Id);
        var key =
            session.Settings.IsSandbox ? "answered by the sandbox"
            : configured.Key is null
                ? $"not ready: set {spec.KeyVariable} to an API key, or OMNI_SANDBOX=1 to try without one"
            : $"key from {configured.KeySource ?? "this session"}";
        return new(
            spec.Id,
            Ready: ready && check?.IsRefusal != true && refusal is null,
            Summary: $"{key}; {ProviderText.Clean(configured.BaseAddress) ?? spec.BaseAddress}"
                + (check is null ? "." : $"; {check.Text}.")
                + (refusal is { } last ? " " + DescribeRefusal(last) : ""),
            check?.Balance,
            [.. ModelList.List(new() { Provider = spec.Id }, session.Settings, session.TimeProvider.GetUtcNow())
                .Where(model => model.IsDefault)
                .Select(model => ModelLines.Describe(model, isDetailed: false, "at most "))]);
    }

    private sealed record BalanceCheck(string Text, string? Balance = null, bool IsRefusal = false);

    private static string DescribeRefusal((OmniException Error, DateTimeOffset At) refusal) =>
        $"Not ready: the last submission was refused at {refusal.At:yyyy-MM-dd HH:mm:ss}Z: "
        + $"{refusal.Error.Summary.TrimEnd('.')}."
        + (refusal.Error.Kind == OmniErrorKind.InsufficientBalance ? " The user has to top it up." : "");

    private static async Task<BalanceCheck> CheckBalanceAsync(
        ServerSession session, ProviderSpec spec, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(BalanceTimeout, session.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var balance = await session.Client.GetBalanceAsync(spec.Id, linked.Token);
            var text = Money.FormatBalance(balance, spec);
            if (Money.GetRemainingCredits(balance, spec) is not { } credits)
                return new("balance " + text, text);
            session.Observations.RecordBalance(spec.Id, credits);
            return new($"balance {text}{DescribeClipsLeft(session, spec, credits)}", text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new("balance not known: no answer within 5 s");
        }
        catch (OmniException error)
        {
            var isRefusal = error.Kind
                is OmniErrorKind.Authentication or OmniErrorKind.Permission or OmniErrorKind.InvalidConfiguration;
            return new($"{(isRefusal ? "not usable" : "balance not known")}: {error.Summary.TrimEnd('.')}"
                + (error.NextStep is { } next ? ". " + next.TrimEnd('.') : ""), IsRefusal: isRefusal);
        }
    }

    private static string DescribeClipsLeft(ServerSession session, ProviderSpec spec, decimal credits) =>
        spec.EstimateCredits(spec.Rules(session.Settings.GetProviderSettings(spec).Model ?? spec.DefaultModel,
        out _)) is not (> 0 and var price) ? ""
        : credits < price ? $": less than one clip ({Money.Price(price, spec)})"
        : $": enough for about {Math.Floor(credits / price):0} clips";

    private static async Task<IReadOnlyList<string>> ListExpiringAsync(
        ServerSession session, CancellationToken cancellationToken)
    {
        var now = session.TimeProvider.GetUtcNow();
        var unsaved = await session.Client
            .EnumerateTasksAsync(new() { Unsaved = true, Since = now - LongestLife }, cancellationToken)
            .Where(task => !(task.ExpiresAt <= now))
            .OrderBy(task => task.ExpiresAt ?? DateTimeOffset.MaxValue).ToListAsync(cancellationToken);
        if (unsaved.Count == 0)
            return [];
        var end = unsaved[0].ExpiresAt is { } at
            ? $"the first URL works until {at:yyyy-MM-dd HH:mm}Z" : "their URLs expire";
        var next = SuggestedCall.SaveTasks([.. unsaved.Select(task => task.Reference)]);
        return [$"Unsaved: {unsaved.Count}, {end}. Next: {next}"];
    }
}
