using OmniTools.Ledger;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>What a submission has to know of the whole ledger: today's clips, what is unsettled, what a model's clips cost.</summary>
public sealed class SummaryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly LedgerSummary summary = new();

    [Fact]
    public void A_clip_counts_on_the_day_of_its_intent_until_it_is_certain_that_it_was_not_sold()
    {
        Intend("k1", 10);
        Intend("k2", 5);
        Intend("k3", null);
        Assert.Equal((3, 15m), summary.Today(Noon));
        Assert.Equal((0, 0m), summary.Today(Noon.AddDays(1)));
        Assert.Equal((true, false, false), (summary.IsClaimed("k1", Noon), summary.IsClaimed("k1", Noon.AddDays(1)), summary.IsClaimed("other", Noon)));

        Tell(LedgerEvent.Accepted, "k1", "id-1");
        Tell(LedgerEvent.Unknown, "k2");
        Assert.Equal((3, 15m), summary.Today(Noon));
        Assert.Equal(["k2", "k3"], summary.State.Open.Keys.Order());
        Tell(LedgerEvent.Settled, "k2");
        Tell(LedgerEvent.Rejected, "k3");
        Assert.Equal((1, 10m), summary.Today(Noon));
        // A doubt that comes late takes nothing back that was sold.
        Tell(LedgerEvent.Rejected, "k1");
        Tell(LedgerEvent.Settled, "k1");
        Tell(LedgerEvent.Adopted, "elsewhere", "id-2");
        Assert.Equal((1, 10m), summary.Today(Noon));
        Assert.Empty(summary.State.Open);
    }

    [Theory]
    [InlineData(LedgerEvent.Accepted)]
    [InlineData(LedgerEvent.Settled)]
    [InlineData(LedgerEvent.Adopted)]
    public void With_an_id_it_is_settled_and_still_counts(string what)
    {
        Intend("k1", 10);
        Tell(what, "k1", "id-1");
        Assert.Empty(summary.State.Open);
        Assert.Equal((1, 10m), summary.Today(Noon));
    }

    [Fact]
    public void A_new_day_begins_at_zero_and_an_old_one_is_not_counted_again()
    {
        Intend("k1", 10);
        Intend("k2", 5, Noon.AddDays(1));
        Assert.Equal((1, 5m), summary.Today(Noon.AddDays(1)));
        Intend("k3", 7, Noon);
        Assert.Equal((1, 5m), summary.Today(Noon.AddDays(1)));
        Assert.Equal(Noon.AddDays(1), summary.Latest);
    }

    [Fact]
    public void The_time_to_count_by_is_never_before_the_newest_record()
    {
        Intend("k1", null);
        Assert.Equal(Noon, summary.Now(new ManualClock(Noon.AddMinutes(-1))));
        Assert.Equal(Noon.AddMinutes(1), summary.Now(new ManualClock(Noon.AddMinutes(1))));
    }

    [Fact]
    public void A_twin_is_unsettled_has_the_same_content_and_nobody_works_on_it()
    {
        Assert.Null(summary.Twin("c", _ => false));
        Intend("k1", null);
        Assert.Equal((null, "k1", null), (summary.Twin("c", name => name == "owner"), summary.Twin("c", _ => false), summary.Twin("d", _ => false)));
        Tell(LedgerEvent.Unknown, "k1");
        Assert.Equal("k1", summary.Twin("c", _ => true));
        Intend("k1", null);
        Assert.Null(summary.Twin("c", _ => true));
        Tell(LedgerEvent.Unknown, "never intended");
        Assert.Single(summary.State.Open);
    }

    [Fact]
    public void The_price_is_what_the_provider_last_reported_for_a_clip_of_the_model()
    {
        Intend("k1", 10);
        Assert.Null(summary.Price("toapis", "m"));
        Report(LedgerEvent.State, 12);
        Assert.Equal((12m, null, null), (summary.Price("toapis", "m"), summary.Price("toapis", "n"), summary.Price("apimart", "m")));
        Assert.Equal((1, 12m), summary.Today(Noon));
        Report(LedgerEvent.State, 8, key: "of another day");
        Assert.Equal((8m, (1, 12m)), (summary.Price("toapis", "m"), summary.Today(Noon)));
    }

    [Theory]
    [InlineData(LedgerEvent.State, 0)]
    [InlineData(LedgerEvent.State, -1)]
    [InlineData(LedgerEvent.State, 1_000_001)]
    [InlineData(LedgerEvent.Accepted, 12)]
    public void What_is_no_price_is_not_learned(string what, int credits)
    {
        Intend("k1", 10);
        Report(what, credits);
        Assert.Null(summary.Price("toapis", "m"));
        Assert.Equal((1, 10m), summary.Today(Noon));
    }

    [Fact]
    public void A_record_that_names_no_provider_teaches_nothing()
    {
        summary.Apply(new() { Event = LedgerEvent.State, Key = "k1", Model = "m", Credits = 5 });
        Assert.Empty(summary.State.Prices);
    }

    [Fact]
    public void Only_what_was_completed_tells_how_long_a_clip_takes()
    {
        summary.Apply(new() { Event = LedgerEvent.State, Key = "k1", Provider = "toapis", Model = "m", Status = "failed", CreatedAt = Noon, CompletedAt = Noon.AddSeconds(80) });
        Assert.Null(summary.Expected("toapis", "m"));
    }

    private void Intend(string key, decimal? estimate, DateTimeOffset? at = null) =>
        summary.Apply(new() { At = at ?? Noon, Event = LedgerEvent.Intent, Key = key, Provider = "toapis", Model = "m", Content = "c", Owner = "owner", Estimate = estimate });

    private void Tell(string what, string key, string? id = null) => summary.Apply(new() { At = Noon, Event = what, Key = key, Id = id });

    private void Report(string what, decimal credits, string key = "k1") =>
        summary.Apply(new() { At = Noon, Event = what, Key = key, Id = "id", Provider = "toapis", Model = "m", Credits = credits });
}
