namespace ComodCluster.Grains.Storage.Identity;

/// <summary>What the databases spell differently.</summary>
/// <param name="HasColumn">A row where the table <c>@table</c> has the column <c>@column</c>.</param>
/// <param name="FreeSlot">The slot that a write counts in, without waiting for another write.</param>
internal sealed record MarkSql(string HasColumn, string FreeSlot)
{
    public static MarkSql Sqlite { get; } =
        new("SELECT 1 FROM pragma_table_info(@table) WHERE name = @column", "SELECT 0");

    // Writes that took all slots between them are not counted: the count may lag.
    public static MarkSql Postgres { get; } =
        new(
            "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(@table) AND attname = @column",
            "SELECT slot FROM comod_writes ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED"
        );
}
