namespace Strongroom.Store.Sqlite;

internal sealed class SqliteTurn(SqliteFiles files, TurnLock turns, SqliteWriter writer) : IStoreTurn
{
    public ValueTask<CommitOutcome> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        transaction.Validate();
        return ValueTask.FromResult(Write(() => writer.Commit(transaction)));
    }

    /// <summary>Writes to the files, and looks afterwards whether they still are the files at their paths: only then is anybody told that it is durable.</summary>
    internal CommitOutcome Write(Func<CommitOutcome> write)
    {
        CommitOutcome outcome;
        turns.NoteBusy();
        try
        {
            outcome = write();
        }
        finally
        {
            turns.NoteIdle();
        }
        files.Check();
        return outcome;
    }

    public ValueTask DisposeAsync()
    {
        turns.Give();
        return ValueTask.CompletedTask;
    }
}
