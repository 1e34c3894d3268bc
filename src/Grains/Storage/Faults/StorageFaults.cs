using ComodCluster.Api;
using ComodCluster.Contracts;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ComodCluster.Grains.Storage.Faults;

/// <summary>What a failure of the disk or of the catalog means to a caller.</summary>
public static class StorageFaults
{
    // Low 16 bits of IOException.HResult: errno on Unix (ENOSPC, EDQUOT; EROFS, EIO), ERROR_DISK_FULL and the like on
    // Windows.
    private static readonly int[] FullCodes = OperatingSystem.IsWindows() ? [112, 39] : [28, 122];
    private static readonly int[] UnwritableCodes = OperatingSystem.IsWindows() ? [19, 1117] : [30, 5];

    // Connection, read-only, login, unknown database, transaction rolled back, resources, intervention, system.
    private static readonly string[] ServerClasses = ["08", "25006", "28", "3D", "40", "53", "55", "57", "58", "XX"];

    private const int SqliteBusy = 5,
        SqliteLocked = 6,
        SqliteReadOnly = 8,
        SqliteIoError = 10,
        SqliteCorrupt = 11,
        SqliteFull = 13,
        SqliteCannotOpen = 14,
        SqliteNotADatabase = 26;

    /// <summary>
    /// storage-full (507) or storage-unavailable (503); null for a failure that the storage did not cause.
    /// </summary>
    public static ComodException? Translate(Exception failure)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            var known = at switch
            {
                ComodException { Code: ErrorCodes.StorageFull or ErrorCodes.StorageUnavailable } already => already,
                SqliteException sqlite => Of(sqlite),
                NpgsqlException postgres => Of(postgres),
                IOException io when FullCodes.Contains(io.HResult & 0xFFFF) => Full(failure),
                IOException io when UnwritableCodes.Contains(io.HResult & 0xFFFF) => Unwritable(failure),
                UnauthorizedAccessException or DirectoryNotFoundException => Unwritable(failure),
                _ => null,
            };
            if (known is not null)
                return known;
        }
        return null;
    }

    public static ComodException Full(Exception? inner) =>
        new(
            ErrorCodes.StorageFull,
            507,
            "The disk of the data directory is full; free space or delete data sets that no task needs, then try "
                + "again.",
            inner
        );

    public static ComodException Unwritable(Exception? inner) =>
        new(
            ErrorCodes.StorageUnavailable,
            503,
            "The data directory cannot be written; check its disk and its permissions, then try again.",
            inner
        );

    private static ComodException? Of(NpgsqlException failure) =>
        failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new(
                ErrorCodes.StorageFull,
                507,
                "The disk of the database server is full; free space there, then try again.",
                failure
            ),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => new(
                ErrorCodes.StorageUnavailable,
                503,
                "The silo may not use the database's tables; grant its user the rights to read and to change them.",
                failure
            ),
            // Classes 42 and 22 and the like are faults of this program, not of the server.
            PostgresException { SqlState: var state }
                when !Array.Exists(ServerClasses, c => state.StartsWith(c, StringComparison.Ordinal)) => null,
            _ => new(
                ErrorCodes.StorageUnavailable,
                503,
                "The database cannot be used at the moment; see to its server, or try again shortly.",
                failure
            ),
        };

    private static ComodException? Of(SqliteException failure) =>
        failure.SqliteErrorCode switch
        {
            SqliteFull => Full(failure),
            SqliteReadOnly or SqliteIoError or SqliteCannotOpen => Unwritable(failure),
            SqliteBusy or SqliteLocked => new(
                ErrorCodes.StorageUnavailable,
                503,
                "The catalog is locked by another program; close what has catalog.db open, then try again.",
                failure
            ),
            SqliteCorrupt or SqliteNotADatabase => new(
                ErrorCodes.StorageUnavailable,
                503,
                "The catalog (catalog.db in the data directory) is damaged; stop the silo and restore a backup with "
                    + "'comod restore'.",
                failure
            ),
            _ => null,
        };
}
