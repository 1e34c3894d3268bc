using ComodCluster.Infrastructure.Servers;

namespace ComodCluster.TestInfrastructure;

/// <summary>Servers for tests. Where one is not installed the calling test is skipped, or fails if CI=true.</summary>
public static class TestServers
{
    public static Task<LocalPostgres> Postgres() =>
        LocalPostgres.IsInstalled
            ? LocalPostgres.StartNew(Directory.CreateTempSubdirectory("comod-postgres-").FullName)
            : throw Missing.Of("PostgreSQL is not installed; install Debian's package postgresql.");

    public static Task<LocalS3> S3() =>
        LocalS3.IsInstalled
            ? LocalS3.StartNew()
            : throw Missing.Of(
                "The S3 server is not installed; run .ci/setup, or install Node.js and run 'npm ci' in lab/S3Server."
            );
}
