using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Tasks;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace ComodCluster.Samples;

/// <summary>
/// A scheduler inside the network that speaks to the grains without HTTP, by the same contracts. It reads the cluster's
/// members from the database and passes by all that a gateway checks (credentials, admission, sizes): only trusted
/// programs get the connection string.
/// </summary>
public sealed class DirectScheduler : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IGrainFactory _grains;

    private DirectScheduler(IHost host, IGrainFactory grains) => (_host, _grains) = (host, grains);

    /// <param name="database">The cluster's <c>Comod:Database</c>.</param>
    /// <param name="cluster">The cluster's <c>Comod:Cluster:Id</c>.</param>
    public static async Task<DirectScheduler> Connect(
        string database,
        string cluster = "comod",
        CancellationToken cancellation = default
    )
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleansClient(client =>
            client
                .UseAdoNetClustering(tables => (tables.Invariant, tables.ConnectionString) = ("Npgsql", database))
                .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "comod"))
        );
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new(host, (IGrainFactory)host.Services.GetService(typeof(IGrainFactory))!);
    }

    /// <summary>Registers a task on a backbone and a data set that are ready, and adapts it.</summary>
    /// <returns>The task's grain and its job at the end.</returns>
    /// <exception cref="ComodException">As over HTTP, with the same codes.</exception>
    public async Task<(ITaskGrain Task, JobInfo Job)> Adapt(
        TaskSpec spec,
        AdaptRequest request,
        CancellationToken cancellation = default
    )
    {
        var task = _grains.Task(ObjectKey.New(ObjectKind.Task, TimeProvider.System).Uid);
        await task.Create(TenantName.Default.Value, spec, cancellation);
        var job = await task.Adapt(request, cancellation);
        while (!job.IsFinished)
        {
            try
            {
                // Ends early where the job moves to another silo: then one looks again.
                await foreach (var state in _grains.Job(new(TenantName.Default, job.Id)).Watch(cancellation))
                    job = state;
            }
            catch (Exception e)
                when (e
                        is Orleans.Runtime.EnumerationAbortedException
                            or Orleans.Runtime.OrleansException
                            or TimeoutException
                )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
        return (task, job);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
