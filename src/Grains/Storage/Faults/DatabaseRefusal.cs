using System.Net.Sockets;
using ComodCluster.Engine;
using Npgsql;

namespace ComodCluster.Grains.Storage.Faults;

/// <summary>
/// What an operator must mend before a silo can start on a database. Names host, port and database, never the password:
/// for the silo's own console, not for HTTP clients.
/// </summary>
public static class DatabaseRefusal
{
    /// <param name="connection">The connection string.</param>
    /// <returns><c>database-refused</c> or <c>database-unreachable</c>; null for what no setting and no server
    /// causes.</returns>
    public static InputException? Of(Exception failure, string connection)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
            if (at is NpgsqlException known)
                return Of(known, new NpgsqlConnectionStringBuilder(connection));
        return null;
    }

    private static InputException? Of(NpgsqlException failure, NpgsqlConnectionStringBuilder settings)
    {
        var place = PlaceOf(settings);
        return failure switch
        {
            PostgresException
            {
                SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            } refused => new(
                "database-refused",
                $"The database {place} refuses the login ({refused.MessageText}); correct user and password in "
                    + $"Comod:Database.",
                refused
            ),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing => new(
                "database-refused",
                $"There is no database {place}; create it, or name another one in Comod:Database.",
                missing
            ),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } forbidden => new(
                "database-refused",
                $"The user of the database {place} may not do what the silo needs ({forbidden.MessageText}); grant "
                    + $"it the right to create and to change tables.",
                forbidden
            ),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => ReadOnly(place, failure),
            PostgresException other when StorageFaults.Translate(other) is not null => new(
                "database-unreachable",
                $"The database {place} cannot be used at the moment ({other.MessageText}); see to its server, then "
                    + $"start the silo again.",
                other
            ),
            PostgresException => null,
            {
                InnerException: SocketException
                {
                    SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                }
            } => new(
                "database-unreachable",
                $"The server of the database {place} has no address; correct the host in Comod:Database.",
                failure
            ),
            { InnerException: SocketException or TimeoutException or IOException } => new(
                "database-unreachable",
                $"The database {place} cannot be reached ({failure.InnerException!.Message.TrimEnd('.')}); start "
                    + $"it, or correct host and port in Comod:Database.",
                failure
            ),
            _ => new(
                "database-unreachable",
                $"The database {place} cannot be used ({failure.Message.TrimEnd('.')}); correct Comod:Database, or "
                    + $"see to its server.",
                failure
            ),
        };
    }

    /// <param name="connection">The connection string.</param>
    public static InputException ReadOnly(string connection) =>
        ReadOnly(PlaceOf(new NpgsqlConnectionStringBuilder(connection)), null);

    private static InputException ReadOnly(string place, Exception? inner) =>
        new(
            "database-refused",
            $"The database {place} can only be read, as a standby's; name the primary server in Comod:Database.",
            inner
        );

    private static string PlaceOf(NpgsqlConnectionStringBuilder settings) =>
        $"'{settings.Database}' on {settings.Host}:{settings.Port}";
}
