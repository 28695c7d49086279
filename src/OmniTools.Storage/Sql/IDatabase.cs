using System.Data.Common;
using OmniTools.Errors;

namespace OmniTools.Storage.Sql;

/// <summary>
/// A database of one kind: how to reach it, and the few expressions of SQL in which the kinds differ.
/// </summary>
internal interface IDatabase : IAsyncDisposable
{
    /// <summary>Where it is, for people; without a password.</summary>
    string Location { get; }

    /// <summary>What to know about it, in sentences for people.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Whether the schema is known to be there; false again where the database was replaced.</summary>
    bool HasSchema { get; set; }

    /// <summary>The time in milliseconds, as an expression.</summary>
    string Now { get; }

    /// <summary>How long a submission may be taken for running; null where a lock file tells.</summary>
    TimeSpan? LeaseDuration { get; }

    /// <summary>
    /// How many submissions were seen to be abandoned. A query during which it grows is repeated: their outcomes may be
    /// recorded by now.
    /// </summary>
    int AbandonedCount { get; }

    /// <summary>Whether nobody works on the submission of a row any more, as an expression.</summary>
    string IsAbandoned { get; }

    /// <summary>The type of a column that numbers its rows.</summary>
    string Identity { get; }

    /// <summary>A query that counts the tables called omni_schema.</summary>
    string CountSchemaTables { get; }

    /// <summary>Whether a column contains a parameter's text in any case, as an expression.</summary>
    string Contains(string column, string parameter);

    /// <summary>A connection; for writing, inside a transaction that no other writer shares.</summary>
    Task<Session> OpenAsync(bool isWrite, CancellationToken cancellationToken);

    /// <summary>
    /// Says to all processes that a submission is under way, until the result is disposed; null where the lease tells.
    /// </summary>
    IDisposable? Hold(string owner);

    /// <summary>Whether the same statements may succeed on another connection.</summary>
    bool IsTransient(Exception failure);

    /// <summary>What a failure means and what to do.</summary>
    OmniException Explain(Exception failure, Charged charged);
}

/// <summary>A connection in use; without <see cref="CommitAsync"/> what was written is undone.</summary>
internal sealed class Session(
    Func<string, DbCommand> createCommand, DbTransaction? transaction, Func<bool, ValueTask> release) : IAsyncDisposable
{
    private bool succeeded;

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        return await Command(sql, parameters).ExecuteNonQueryAsync();
    }

    /// <summary>Runs a query and reads its rows.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        await using var reader = await Command(sql, parameters).ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Commits what was written; on disk when it completes.</summary>
    public async Task CommitAsync()
    {
        if (transaction is not null)
            await transaction.CommitAsync();
        succeeded = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
        }
        finally
        {
            await release(succeeded);
        }
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = createCommand(sql);
        command.Transaction = transaction;
        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value is string text ? Storable(text) : value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    // PostgreSQL stores neither NUL nor half a surrogate pair; a provider's text with one must not make recording it
    // fail.
    private static string Storable(string text) =>
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
