using ComodCluster.Engine;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.WorkerHost;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Backbones;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Api.Probes;

/// <summary>
/// Ready: joined the cluster, storage can be used; a worker has the backbones to preload and does not drain, a gateway
/// knows of a worker; every background loop does its work.
/// </summary>
public sealed class Readiness(
    SiloOptions options,
    DataDirectory directory,
    ISiloStatusOracle silos,
    CatalogReader catalog,
    IBlobDepot depot,
    WorkerList workers,
    SiloLoops loops,
    IServiceProvider services
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Why requests should not come yet; empty when ready.</summary>
    public async Task<IReadOnlyList<string>> Missing(CancellationToken cancellation)
    {
        var missing = new List<string>();
        if (silos.CurrentStatus != SiloStatus.Active)
            missing.Add($"the silo is not part of the cluster ({silos.CurrentStatus})");
        var bucket = options.Blobs is { } blobs && S3Options.IsBucket(blobs);
        if ((directory.Missing ?? WriteFailure(directory.Root, "the data directory")) is { } closedRoot)
            missing.Add(closedRoot);
        else if (
            !bucket
            && (directory.MissingBlobs ?? WriteFailure(directory.Blobs, "the folder of the blobs")) is { } closedBlobs
        )
            missing.Add(closedBlobs);
        if (bucket && await Failure(depot.Verify, cancellation) is { } closed)
            missing.Add($"the bucket of the blobs cannot be used ({closed})");
        if (options.Database is not null && await Failure(catalog.Probe, cancellation) is { } away)
            missing.Add($"the database cannot be used ({away})");
        if (services.GetService<Preloads>() is { } preloads)
            missing.AddRange(preloads.Missing);
        if (services.GetService<TaskEngine>()?.Lost is { IsCompletedSuccessfully: true, Result: var reason })
            missing.Add($"the device is lost ({reason})");
        if (services.GetService<WorkerDrain>() is { Begun: true })
            missing.Add("the worker drains");
        if (!options.IsWorker && !workers.All.Any(w => !w.Draining))
            missing.Add("no worker is alive");
        missing.AddRange(loops.Silent);
        return missing;
    }

    private static async Task<string?> Failure(Func<CancellationToken, Task> probe, CancellationToken cancellation)
    {
        try
        {
            await probe(cancellation).WaitAsync(Patience, cancellation);
            return null;
        }
        catch (TimeoutException)
        {
            return $"it does not answer within {Patience.TotalSeconds:0} s";
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            return (ExceptionRefusal.Of(failure)?.Detail ?? "the silo's log says why").TrimEnd('.');
        }
    }

    private static string? WriteFailure(string directory, string what)
    {
        var probe = Path.Combine(directory, $".probe-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{what} cannot be written "
                + $"({failure.Message.Replace(probe, "its probe file", StringComparison.Ordinal)})";
        }
    }
}
