using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Storage.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Storage.Catalog.Sqlite;

/// <summary>The catalog in a file of the data directory, for one process.</summary>
internal sealed class SqliteCatalog : ICatalogProvider
{
    private const int Constraint = 19,
        Corrupt = 11,
        NotADatabase = 26;

    private readonly DataDirectory? _directory;
    private readonly CountFile? _count;
    private readonly string _path,
        _connection;
    private readonly DbContextOptions<SqliteCatalogContext> _options;

    /// <param name="interceptors">Beside the catalog's own; none in production.</param>
    public SqliteCatalog(DataDirectory directory, params IInterceptor[] interceptors)
        : this(directory.Catalog, [new DurableConnection(), .. interceptors]) =>
        (_directory, _count) = (directory, new CountFile(directory.Catalog));

    /// <param name="path">A file beside the catalog in use, a copy for example: one file without a log beside
    /// it.</param>
    public SqliteCatalog(string path)
        : this(path, []) { }

    private SqliteCatalog(string path, IReadOnlyList<IInterceptor> interceptors)
    {
        _path = path;
        _connection = new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 10 }.ToString();
        _options = new DbContextOptionsBuilder<SqliteCatalogContext>()
            .UseSqlite(_connection)
            .AddInterceptors([FormatGuard.Instance, .. interceptors])
            .Options;
    }

    public bool OneWriter => true;

    public MarkSql Mark => MarkSql.Sqlite;

    public CatalogContext NewContext()
    {
        // What is written to a file that was deleted would be acknowledged and lost.
        _directory?.RequireThere();
        return new SqliteCatalogContext(_options);
    }

    public void Remember(long writes) => _count?.Write(writes);

    public SeenWrites? Remembered() => _count?.Read();

    public bool GiveRoom() => _directory?.Reserve.Give() ?? false;

    public async Task<bool> Examine(CancellationToken cancellation)
    {
        // An empty file counts as none: opening it would delete a log that may have all that is left.
        if (new FileInfo(_path) is not { Exists: true, Length: > 0 })
            return false;
        try
        {
            if (await Ask("PRAGMA quick_check(1)", cancellation).ConfigureAwait(false) is not "ok" and var fault)
                throw Damaged($"{fault}", null);
            // EF's own lock is a row, which outlives a process that ends while it migrates: nobody could open the
            // catalog again. The directory's lock keeps other processes away.
            await Ask("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation).ConfigureAwait(false);
            await Ask("PRAGMA wal_checkpoint(TRUNCATE)", cancellation).ConfigureAwait(false);
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            throw Damaged(e.SqliteErrorCode == NotADatabase ? "it is no SQLite database" : "its pages do not fit", e);
        }
    }

    public Task FoldLog(CancellationToken cancellation) => Ask("PRAGMA wal_checkpoint(PASSIVE)", cancellation);

    // The directory's lock keeps other processes away.
    public Task Alone(Func<Task> work, CancellationToken cancellation) => work();

    public Task CopyTo(string path, CancellationToken cancellation)
    {
        using SqliteConnection from = new(_connection),
            to = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        from.Open();
        to.Open();
        from.BackupDatabase(to);
        // The copy says that it has a write-ahead log, as the original has: one file is easier to keep.
        using var command = to.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = DELETE";
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public bool IsDuplicate(Exception failure) => failure is SqliteException { SqliteErrorCode: Constraint };

    public bool IsPassing(Exception failure) => false;

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
        _count?.Dispose();
    }

    private async Task<object?> Ask(string statement, CancellationToken cancellation)
    {
        await using var catalog = NewContext();
        await catalog.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var command = catalog.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A constant of this class.
        command.CommandText = statement;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    private InputException Damaged(string how, Exception? cause) =>
        new(
            "catalog-damaged",
            $"The catalog '{_path}' is damaged ({how.TrimEnd('.')}); put a copy of it back, or restore a backup with "
                + "'comod restore'.",
            cause
        );
}
