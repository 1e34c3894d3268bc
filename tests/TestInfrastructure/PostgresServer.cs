using System.Globalization;
using ComodCluster.Infrastructure.Clusters;
using Npgsql;

namespace ComodCluster.TestInfrastructure;

/// <summary>A PostgreSQL server for tests; see <see cref="LocalPostgres"/>.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly LocalPostgres _server;
    private int _databases;

    private PostgresServer(LocalPostgres server) => _server = server;

    /// <summary>Where PostgreSQL is missing the calling test is skipped, or fails if CI=true.</summary>
    public static async Task<PostgresServer> StartNew() => LocalPostgres.IsInstalled
        ? new(await LocalPostgres.StartNew(Directory.CreateTempSubdirectory("comod-postgres-").FullName))
        : throw Missing.Of("PostgreSQL is not installed; install Debian's package postgresql.");

    /// <summary>Of a new database.</summary>
    /// <param name="like">Connection string of the one that it copies, to which nobody is connected; null: it is empty.</param>
    public async Task<string> NewDatabase(string? like = null)
    {
        var template = like is null ? "" : $" TEMPLATE {new NpgsqlConnectionStringBuilder(like).Database}";
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}{template}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => _server.ConnectionString(database);

    /// <inheritdoc cref="LocalPostgres.Start"/>
    public Task Start() => _server.Start();

    /// <inheritdoc cref="LocalPostgres.Stop"/>
    public Task Stop() => _server.Stop();

    /// <inheritdoc cref="LocalPostgres.Kill"/>
    public Task Kill() => _server.Kill();

    /// <inheritdoc cref="LocalPostgres.Pause"/>
    public Task Pause() => _server.Pause();

    /// <inheritdoc cref="LocalPostgres.Resume"/>
    public Task Resume() => _server.Resume();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
