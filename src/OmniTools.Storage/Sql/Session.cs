using System.Data.Common;

namespace OmniTools.Storage.Sql;

/// <summary>A connection in use; without <see cref="CommitAsync"/> what was written is undone.</summary>
internal sealed class Session(
    Func<string, DbCommand> createCommand, DbTransaction? transaction, Func<bool, ValueTask> release) : IAsyncDisposable
{
    private bool succeeded;

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] parameters) =>
        CreateCommand(sql, parameters).ExecuteNonQueryAsync();

    /// <summary>Runs a query and reads its rows.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        await using var reader = await CreateCommand(sql, parameters).ExecuteReaderAsync();
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

    private DbCommand CreateCommand(string sql, (string Name, object? Value)[] parameters)
    {
        var command = createCommand(sql);
        command.Transaction = transaction;
        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = StoredValue.From(value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
