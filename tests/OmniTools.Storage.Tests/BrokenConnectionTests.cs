using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.Storage.Sql;
using OmniTools.Storage.Sqlite;

namespace OmniTools.Storage.Tests;

/// <summary>A connection that breaks is made again, a few times and only where that may help.</summary>
public sealed class BrokenConnectionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2, true, 2, true)]
    [InlineData(3, true, 2, false)]
    [InlineData(1, false, 0, false)]
    public async Task TryBeginAsync_ConnectionBroken_IsTriedThreeTimes(int breaks, bool isTransient, int retries,
        bool isBegun)
    {
        await using var database = new BreakingDatabase(folder["ledger.db"], isTransient);
        await using var store = new SqlLedgerStore(database, "here", false);
        await store.ListAsync(new(), default);
        database.Breaks = breaks;
        var lines = new List<string>();
        using var trace = TraceSubscription.Start((_, line) => lines.Add(line));
        var error = await Record.ExceptionAsync(() => store.BeginAsync("k1"));
        Assert.Equal(Enumerable.Repeat("The connection to the ledger broke and is made again: broken", retries), lines);
        if (isBegun)
            Assert.Null(error);
        else
            Assert.Equal(Charged.No, Assert.IsType<OmniException>(error).Charged);
        Assert.Equal(isBegun ? "k1" : "", await store.KeysAsync());
    }

    private sealed class BreakingDatabase(string path, bool isTransient) : SqliteDatabase(path, new TestTimeProvider())
    {
        /// <summary>How often opening it fails from now on.</summary>
        public int Breaks { get; set; }

        public override bool IsTransient(Exception failure) => isTransient;

        public override Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken)
        {
            if (Breaks == 0)
                return base.OpenAsync(isWrite, cancellationToken);
            Breaks--;
            throw new IOException("broken");
        }
    }
}
