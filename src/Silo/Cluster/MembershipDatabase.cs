using System.Net;
using System.Net.Sockets;
using ComodCluster.Grains.Storage.Faults;
using ComodCluster.Silo.Configuration;
using Npgsql;

namespace ComodCluster.Silo.Cluster;

/// <summary>
/// Brings Orleans' membership tables to the database before the silo joins, and sees that no living silo has its name.
/// Until the silo has joined, others of its name wait here, so that of two that start at once one sees the other.
/// A silo that was killed is declared dead by the next one of its name: nobody waits for it.
/// </summary>
public sealed class MembershipDatabase(SiloOptions options, OrleansPorts ports)
    : IHostedLifecycleService,
        IAsyncDisposable
{
    private const string Script = "ComodCluster.Silo.Cluster.OrleansMembership.sql";

    // Any numbers that no other program takes for its advisory locks; migrations of the catalog have another.
    private const long SchemaLock = 0x636f6d6f65;
    private const int NameLocks = 0x636f6d6f;
    private const int Joining = 2,
        Active = 3,
        Dead = 6,
        LockSeconds = 60;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);

    private readonly string _name = ClusterMembership.NameOf(options, ports);
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(options.Database!);
    private NpgsqlConnection? _nameHolder;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PrepareTables(cancellationToken);
            await TakeName(cancellationToken);
        }
        catch (Exception failure)
            when (failure is not (StartupException or OperationCanceledException)
                && DatabaseRefusal.Of(failure, options.Database!) is { } refusal
            )
        {
            throw new StartupException(refusal.Message, inner: failure);
        }
    }

    /// <summary>The silo has joined: its row in the membership speaks for its name.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_nameHolder is { } holder)
            await holder.DisposeAsync();
        _nameHolder = null;
        await _source.DisposeAsync();
    }

    private async Task PrepareTables(CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Run(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancellation);
        await using (var ask = new NpgsqlCommand("SELECT to_regclass('orleansquery')::text", connection, transaction))
            if (await ask.ExecuteScalarAsync(cancellation) is not string)
                await Run(connection, ReadScript(), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task TakeName(CancellationToken cancellation)
    {
        _nameHolder = await _source.OpenConnectionAsync(cancellation);
        // Ends with the connection, however that ends.
        await _nameHolder.BeginTransactionAsync(cancellation);
        await using (
            var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1, hashtext($2))", _nameHolder)
            {
                CommandTimeout = LockSeconds,
                Parameters =
                {
                    new() { Value = NameLocks },
                    new() { Value = _name },
                },
            }
        )
        {
            try
            {
                await take.ExecuteNonQueryAsync(cancellation);
            }
            catch (NpgsqlException failure) when (failure.InnerException is TimeoutException)
            {
                throw new StartupException(
                    $"Another silo named '{_name}' is starting; give this one another name with Comod:Cluster:Name.",
                    inner: failure
                );
            }
        }
        foreach (var (other, generation) in await Namesakes(_nameHolder, cancellation))
            switch (await Ask(other, cancellation))
            {
                case Answer.Alive:
                    throw new StartupException(
                        $"A silo named '{_name}' is alive at {other}; give this one another name with "
                            + $"Comod:Cluster:Name, or stop that one."
                    );
                case Answer.Gone:
                    await DeclareDead(other, generation, cancellation);
                    break;
                default:
                    // Its machine may be gone, or only the way to it: the others decide by their probes.
                    break;
            }
    }

    /// <summary>Silos of this one's name that the membership has not seen end, and that lived a minute ago.</summary>
    private async Task<IReadOnlyList<(IPEndPoint Silo, int Generation)>> Namesakes(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            "SELECT address, port, generation FROM orleansmembershiptable WHERE deploymentid = $1 AND siloname = $2 AND status "
                + "= ANY($3) AND NOT (address = $4 AND port = $5) AND iamalivetime > now() - $6",
            connection
        )
        {
            Parameters =
            {
                new() { Value = options.Cluster.Id },
                new() { Value = _name },
                new() { Value = new[] { Joining, Active } },
                new() { Value = options.Cluster.Address },
                new() { Value = ports.Silo },
                new() { Value = ClusterMembership.IAmAliveEvery * 12 },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(IPEndPoint, int)>();
        while (await rows.ReadAsync(cancellation))
            found.Add((new(IPAddress.Parse(rows.GetString(0)), rows.GetInt32(1)), rows.GetInt32(2)));
        return found;
    }

    /// <summary>
    /// As Orleans does it: under a new version of the table, so that whoever changes the table at the same time reads
    /// it again. A silo that finds itself dead there ends.
    /// </summary>
    private async Task DeclareDead(IPEndPoint silo, int generation, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            "WITH next AS (UPDATE orleansmembershipversiontable SET version = version + 1, timestamp = now() WHERE "
                + "deploymentid = $1) UPDATE orleansmembershiptable SET status = $2 WHERE deploymentid = $1 AND address "
                + "= $3 AND port = $4 AND generation = $5",
            connection,
            transaction
        )
        {
            Parameters =
            {
                new() { Value = options.Cluster.Id },
                new() { Value = Dead },
                new() { Value = silo.Address.ToString() },
                new() { Value = silo.Port },
                new() { Value = generation },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // The row of a silo that was killed stays as it was. Its machine refuses a connection where no process listens.
    private static async Task<Answer> Ask(IPEndPoint silo, CancellationToken cancellation)
    {
        using var socket = new Socket(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo, cancellation).AsTask().WaitAsync(ConnectPatience, cancellation);
            return Answer.Alive;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Answer.Gone;
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException)
        {
            return Answer.None;
        }
    }

    private enum Answer
    {
        None,
        Alive,
        Gone,
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string ReadScript()
    {
        using var reader = new StreamReader(typeof(MembershipDatabase).Assembly.GetManifestResourceStream(Script)!);
        return reader.ReadToEnd();
    }
}
