using Microsoft.Data.Sqlite;

namespace Strongroom.Store.Tests;

/// <summary>What an attacker with the database's file in hand does to it.</summary>
internal static class RawDatabase
{
    public static void Execute(string path, string sql, params (string Name, object Value)[] values)
    {
        using var connection = Open(path);
        using var command = Command(connection, sql, values);
        Assert.True(command.ExecuteNonQuery() > 0, $"nothing was changed by {sql}");
    }

    public static byte[] Value(string path, string record)
    {
        using var connection = Open(path);
        using var command = Command(connection, "SELECT value FROM records WHERE path=$path", [("$path", record)]);
        return (byte[])command.ExecuteScalar()!;
    }

    public static void SetValue(string path, string record, byte[] value) =>
        Execute(path, "UPDATE records SET value=$value WHERE path=$path", ("$value", value), ("$path", record));

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests' own texts.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }
        return command;
    }
}
