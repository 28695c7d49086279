using OmniTools.Errors;

namespace OmniTools.Storage.Sql;

/// <summary>
/// A database of one kind: how to reach it, and the few expressions of SQL in which the kinds differ.
/// </summary>
internal abstract class LedgerDatabase : IAsyncDisposable
{
    /// <summary>Where it is, for people; without a password.</summary>
    public abstract string Location { get; }

    /// <summary>The variable that names it.</summary>
    public abstract string Variable { get; }

    /// <summary>What to know about it, in sentences for people.</summary>
    public IReadOnlyList<string> Warnings { get; protected set; } = [];

    /// <summary>Whether programs on other machines may use it, perhaps older ones.</summary>
    public virtual bool IsShared => false;

    /// <summary>Whether the schema is known to be there; false again where the database was replaced.</summary>
    public bool HasSchema { get; set; }

    /// <summary>How long a submission may be taken for running; null where a lock file shows it.</summary>
    public virtual TimeSpan? LeaseDuration => null;

    /// <summary>
    /// How many submissions were seen to be abandoned. A query during which it grows is repeated: their outcomes may be
    /// recorded by now.
    /// </summary>
    public virtual int AbandonedCount => 0;

    /// <summary>The time in milliseconds, as an expression.</summary>
    public abstract string Now { get; }

    /// <summary>Whether nobody works on the submission of a row any more, as an expression.</summary>
    public abstract string IsAbandoned { get; }

    /// <summary>A query whose one row is the table omni_schema; it has none before the schema is created.</summary>
    public abstract string FindSchema { get; }

    /// <summary>Whether a column contains a parameter's text in any case, as an expression.</summary>
    public abstract string Contains(string column, string parameter);

    /// <summary>Whether a column is one of the texts of a parameter, a JSON array, as an expression.</summary>
    public abstract string IsOneOf(string column, string parameter);

    /// <summary>A connection; for writing, inside a transaction that no other writer shares.</summary>
    public abstract Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken);

    /// <summary>
    /// Shows all processes that a submission is under way, until the result is disposed; null where the lease does.
    /// </summary>
    public virtual IDisposable? Hold(string owner) => null;

    /// <summary>Whether the same statements may succeed on another connection.</summary>
    public virtual bool IsTransient(Exception failure) => false;

    /// <summary>What a failure means and what to do.</summary>
    public abstract OmniException Explain(Exception failure, Charged charged);

    public abstract ValueTask DisposeAsync();
}
