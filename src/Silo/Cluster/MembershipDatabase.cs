using ComodCluster.Silo.Hosting;
using Npgsql;

namespace ComodCluster.Silo.Cluster;

/// <summary>
/// Brings Orleans' membership tables to the database before the silo joins, and sees that the silo belongs there: the cluster's id, and a name that no living silo has.
/// </summary>
public sealed class MembershipDatabase(SiloOptions options, OrleansPorts ports) : IHostedService
{
    private const string Script = "ComodCluster.Silo.Cluster.OrleansMembership.sql";

    // Any number that no other program takes for its advisory locks; migrations of the catalog have another.
    private const long SchemaLock = 0x636f6d6f65;
    private const int Active = 3;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(options.Database!);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Run($"SELECT pg_advisory_xact_lock({SchemaLock})");
        if (await Ask("SELECT to_regclass('orleansquery')::text") is null) await Run(ReadScript());
        await Run("CREATE TABLE IF NOT EXISTS comod_cluster (id text PRIMARY KEY)");
        var id = await Ask("SELECT id FROM comod_cluster");
        if (id is null) await Run($"INSERT INTO comod_cluster VALUES ('{options.Cluster.Id}')"); // a checked name
        else if (id != options.Cluster.Id)
            throw new StartupException($"The database belongs to the cluster '{id}', not to '{options.Cluster.Id}'; set Comod:Cluster:Id={id}, or use another database.");
        await RefuseNameOfAnother();
        await transaction.CommitAsync(cancellationToken);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        async Task<string?> Ask(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            return await command.ExecuteScalarAsync(cancellationToken) as string;
        }

        async Task RefuseNameOfAnother()
        {
            await using var command = new NpgsqlCommand(
                "SELECT address || ':' || port FROM orleansmembershiptable WHERE deploymentid = $1 AND siloname = $2 AND status = $3 AND iamalivetime > now() - $4 "
                + "AND NOT (address = $5 AND port = $6) LIMIT 1", connection, transaction)
            {
                Parameters =
                {
                    new() { Value = options.Cluster.Id },
                    new() { Value = ClusterHosting.NameOf(options, ports) },
                    new() { Value = Active },
                    new() { Value = ClusterHosting.IAmAliveEvery * 3 },
                    new() { Value = options.Cluster.Address },
                    new() { Value = ports.Silo },
                },
            };
            if (await command.ExecuteScalarAsync(cancellationToken) is string other)
                throw new StartupException($"A silo named '{ClusterHosting.NameOf(options, ports)}' is alive at {other}; give this one another name with Comod:Cluster:Name, or stop that one.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string ReadScript()
    {
        using var reader = new StreamReader(typeof(MembershipDatabase).Assembly.GetManifestResourceStream(Script)!);
        return reader.ReadToEnd();
    }
}
