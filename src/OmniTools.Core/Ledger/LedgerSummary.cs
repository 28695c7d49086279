namespace OmniTools.Ledger;

/// <summary>
/// What every submission has to know of the whole ledger, kept up with it record by record: what is unsettled, what today
/// cost, what a model's clips cost and take. A snapshot of it is kept beside the segments, so that a new process reads
/// only what came after.
/// </summary>
internal sealed class LedgerSummary
{
    /// <summary>How far the snapshot is and what it holds; a cache that can always be made again.</summary>
    internal sealed class Snapshot
    {
        public string? Segment { get; set; }
        public long Offset { get; set; }
        public DateTimeOffset Latest { get; set; }
        public int Newer { get; set; }
        public int Damaged { get; set; }
        public DateOnly Day { get; set; }
        public Dictionary<string, Unsettled> Open { get; set; } = [];
        public Dictionary<string, Claim> Claims { get; set; } = [];
        public Dictionary<string, decimal> Prices { get; set; } = [];
        public Dictionary<string, double> Seconds { get; set; } = [];
    }

    /// <summary>A submission without a settled outcome.</summary>
    internal sealed record Unsettled(string? Content, string? Owner, string Model, DateTimeOffset At, bool IsUnknown);

    /// <summary>What one clip of today counts.</summary>
    internal sealed record Claim(decimal? Credits);

    /// <summary>No clip costs more: a figure beyond is a mistake, neither learned from nor counted.</summary>
    private const decimal MostCredits = 1_000_000;

    private readonly Snapshot at;

    public LedgerSummary(Snapshot? snapshot = null) => at = snapshot ?? new();

    public Snapshot State => at;

    /// <summary>The newest time in the ledger.</summary>
    public DateTimeOffset Latest => at.Latest;

    /// <summary>Lines of a newer format.</summary>
    public int Newer => at.Newer;

    /// <summary>Takes one line in.</summary>
    public void Apply(LedgerRecord record)
    {
        if (record.At > at.Latest)
            at.Latest = record.At;
        switch (record.Event)
        {
            case LedgerEvent.Intent:
                at.Open[record.Key] = new(record.Content, record.Owner, ModelKey(record.Provider, record.Model), record.At, IsUnknown: false);
                Turn(Day(record.At));
                if (Day(record.At) == at.Day)
                    at.Claims[record.Key] = new(record.Estimate);
                break;
            case LedgerEvent.Unknown when at.Open.TryGetValue(record.Key, out var open):
                at.Open[record.Key] = open with { IsUnknown = true };
                break;
            // The line that gave the id may be damaged: any that tells it will do.
            case var _ when record.Id is not null:
                at.Open.Remove(record.Key);
                break;
            case LedgerEvent.Rejected or LedgerEvent.Settled when at.Open.Remove(record.Key):
                at.Claims.Remove(record.Key);
                break;
        }
        Learn(record);
    }

    /// <summary>An unsettled submission of the same content by a process that is gone, or reported unknown; null when there is none.</summary>
    public string? Twin(string content, Func<string?, bool> isAlive) => at.Open
        .Where(open => open.Value.Content == content && (open.Value.IsUnknown || !isAlive(open.Value.Owner)))
        .Select(open => open.Key)
        .FirstOrDefault();

    /// <summary>Clips and credits of the day of <paramref name="now"/>. A clip of unknown price counts as zero credits.</summary>
    public (int Videos, decimal Credits) Today(DateTimeOffset now) =>
        at.Day == Day(now) ? (at.Claims.Count, at.Claims.Values.Sum(claim => IsSane(claim.Credits) ? claim.Credits : 0) ?? 0) : (0, 0);

    /// <summary>How many clips of the day of <paramref name="now"/> have a price that is not known.</summary>
    public int UnknownPrices(DateTimeOffset now) => at.Day == Day(now) ? at.Claims.Values.Count(claim => !IsSane(claim.Credits)) : 0;

    /// <summary>Whether a request key counts among the clips of the day of <paramref name="now"/> already.</summary>
    public bool IsClaimed(string key, DateTimeOffset now) => at.Day == Day(now) && at.Claims.ContainsKey(key);

    /// <summary>The time to count by: never before the newest record, or a clock a few minutes behind would count an empty day.</summary>
    public DateTimeOffset Now(TimeProvider time) => time.GetUtcNow() is var now && now > at.Latest ? now : at.Latest;

    /// <summary>Whether a clock stands before the newest record: how long ago anything was cannot be told by it.</summary>
    public bool IsAhead(DateTimeOffset now) => at.Latest - now > LedgerConstants.ClockTolerance;

    /// <summary>What the last clip of a model cost.</summary>
    public decimal? Price(string provider, string? model) => at.Prices.TryGetValue(ModelKey(provider, model), out var price) ? price : null;

    /// <summary>How long a model's clips take: a moving average.</summary>
    public TimeSpan? Expected(string provider, string? model) =>
        at.Seconds.TryGetValue(ModelKey(provider, model), out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The UTC day of a time.</summary>
    public static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static bool IsSane(decimal? credits) => credits is >= 0 and <= MostCredits;

    private static string ModelKey(string? provider, string? model) => $"{provider}/{model}";

    private void Turn(DateOnly day)
    {
        if (day > at.Day)
        {
            at.Day = day;
            at.Claims.Clear();
        }
    }

    private void Learn(LedgerRecord record)
    {
        var model = ModelKey(record.Provider, record.Model);
        if (record.Event != LedgerEvent.State || record.Provider is null)
            return;
        if (record.Credits is { } credits and > 0 && IsSane(credits))
        {
            at.Prices[model] = credits;
            if (at.Claims.ContainsKey(record.Key))
                at.Claims[record.Key] = new(credits);
        }
        // A failed clip that cost nothing has a known price.
        if (record is { Status: "failed", Credits: 0 } && at.Claims.ContainsKey(record.Key))
            at.Claims[record.Key] = new(0);
        if (record.Status == "completed" && record.CompletedAt - record.CreatedAt is { TotalSeconds: > 0 and < 86_400 } took)
            at.Seconds[model] = at.Seconds.TryGetValue(model, out var average) ? average + ((took.TotalSeconds - average) / 8) : took.TotalSeconds;
    }
}
