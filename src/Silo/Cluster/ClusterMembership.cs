using System.Net;
using Orleans.Configuration;
using SiloOptions = ComodCluster.Silo.Configuration.SiloOptions;

namespace ComodCluster.Silo.Cluster;

/// <summary>How the silos on one database know each other.</summary>
public static class ClusterMembership
{
    /// <summary>A silo whose sign of life is older than a few of these is passed over by those that start.</summary>
    public static readonly TimeSpan IAmAliveEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo tries to reach all others before it gives its start up.</summary>
    public static readonly TimeSpan JoinPatience = TimeSpan.FromMinutes(1);

    public static string NameOf(SiloOptions options, OrleansPorts ports) =>
        options.Cluster.Name ?? $"{Environment.MachineName.ToLowerInvariant()}-{ports.Silo}";

    public static void UseDatabase(this ISiloBuilder silo, string database, SiloOptions options, OrleansPorts ports) =>
        silo.UseAdoNetClustering(tables => (tables.Invariant, tables.ConnectionString) = ("Npgsql", database))
            .Configure<ClusterOptions>(cluster =>
                (cluster.ClusterId, cluster.ServiceId) = (options.Cluster.Id, "comod")
            )
            .ConfigureEndpoints(IPAddress.Parse(options.Cluster.Address), ports.Silo, ports.Gateway)
            // Measured: a killed silo's grains answer again after seconds instead of minutes, and a busy one is not
            // taken for dead.
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
                membership.NumMissedProbesLimit = 3;
                membership.IAmAliveTablePublishTimeout = IAmAliveEvery;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
                membership.EnableIndirectProbes = false;
                membership.MaxJoinAttemptTime = JoinPatience;
                // It compares clocks: a silo whose clock is a minute behind those of the others could never join.
                membership.EvictWhenMaxJoinAttemptTimeExceeded = false;
            });
}
