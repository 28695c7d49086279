using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Tasks;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>Who works on a submission, told by the lock on a file.</summary>
public sealed class OwnerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LedgerFiles files;

    public OwnerTests() => files = new(folder["home"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Somebody_works_on_it_until_the_last_claim_of_its_process_is_given_up()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        var (one, two) = (ledger.Claim(), ledger.Claim());
        Assert.Single(Directory.GetFiles(files.Owners));
        one.Dispose();
        Assert.True(ledger.IsAlive(two.Name));
        Assert.True(new LedgerClaims(files).IsAlive(two.Name));
        two.Dispose();
        Assert.False(new LedgerClaims(files).IsAlive(two.Name));
        Assert.Empty(Directory.GetFiles(files.Owners));
        using var later = ledger.Claim();
        Assert.NotEqual(one.Name, later.Name);
        Assert.True(ledger.IsAlive(later.Name));
    }

    [Fact]
    public void Its_own_client_knows_at_once_which_of_several_is_over_and_others_when_nobody_joins_its_file_any_more()
    {
        var claims = new LedgerClaims(files);
        var (over, going) = (claims.Make(), claims.Make());
        over.Retire();
        over.Dispose();
        Assert.Equal((false, true), (claims.IsAlive(over.Name), claims.IsAlive(going.Name)));
        using var later = claims.Make();
        Assert.True(new LedgerClaims(files).IsAlive(over.Name));
        going.Dispose();
        Assert.Equal((false, true), (new LedgerClaims(files).IsAlive(over.Name), new LedgerClaims(files).IsAlive(later.Name)));
    }

    [Fact]
    public async Task Who_ends_between_the_look_at_its_records_and_the_look_at_its_owner_is_not_called_unknown()
    {
        var ledger = new TaskLedger(folder["home"], false, TimeProvider.System);
        var claim = ledger.Claim();
        foreach (var key in new[] { "k1", "k2" })
            await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Intent, Key = key, Provider = "toapis", Owner = claim.Name });
        using var list = ledger.List(new()).GetEnumerator();
        Assert.True(list.MoveNext());
        // Both lines have been read; what comes now stands behind them.
        await ledger.AppendAsync(new LedgerRecord { Event = LedgerEvent.Accepted, Key = "k1", Id = "id-1", Provider = "toapis", Status = "queued" });
        claim.Dispose();
        Assert.True(list.MoveNext());
        Assert.Equal(("k1", "id-1", VideoTaskStatus.Queued), (list.Current.RequestKey, list.Current.Id, list.Current.Status));
        Assert.Equal(VideoTaskStatus.Unknown, ledger.Find("k2", null)!.Task.Status);
    }

    [Fact]
    public void The_file_of_a_process_that_is_gone_is_cleared_away_also_while_another_one_looks_at_it()
    {
        var name = Guid.NewGuid().ToString("N");
        var path = folder.Write($"home/ledger/owners/{name}", []);
        using (LedgerFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            Assert.False(new LedgerClaims(files).IsAlive(name));
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../ledger.lock")]
    [InlineData("00000000000000000000000000000000")]
    public void A_name_that_is_no_claims_is_nobodys_and_touches_no_other_file(string? name)
    {
        var other = folder.Write("home/ledger/ledger.lock", []);
        Assert.False(new LedgerClaims(files).IsAlive(name));
        files.Create();
        Assert.False(new LedgerClaims(files).IsAlive(name));
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void Where_no_claim_can_be_made_nothing_is_bought_and_the_folder_is_named()
    {
        folder.Write("home", [1]);
        var error = Assert.Throws<OmniException>(() => new TaskLedger(folder["home"], false, TimeProvider.System).Claim());
        Assert.Equal((OmniErrorKind.LedgerUnavailable, "OMNI_HOME", files.Folder), (error.Kind, error.Field, error.Received));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }
}
