using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Adapts all tasks at the same time, every method and seed as a trial of one job for each task.</summary>
internal sealed class DemoAdaptation(ComodClient client, Terminal terminal, DemoOptions options)
{
    public async Task<IReadOnlyList<AdaptedTask>> Run(IReadOnlyList<DemoTask> tasks, CancellationToken cancellation)
    {
        var request = new AdaptRequest
        {
            // The first is the one that becomes active.
            Methods = [Method.Comodulation, Method.Gain, Method.Readout],
            Seeds = [.. Enumerable.Range(0, options.Seeds)],
            Options = new()
            {
                Examples = options.Examples,
                Steps = options.Steps,
                TestImages = options.TestImages,
                Gate = GatePolicy.Off,
            },
        };
        var jobs = await Task.WhenAll(tasks.Select(task => client.Tasks.Adapt(task.Name, request, cancellation)));
        await new JobWatcher(client, terminal).Watch(
            [.. tasks.Zip(jobs, (task, job) => new JobBar(task.Title, job))],
            cancellation
        );

        var adapted = new List<AdaptedTask>();
        foreach (var task in tasks)
            adapted.Add(await Read(task, cancellation));
        return adapted;
    }

    private async Task<AdaptedTask> Read(DemoTask task, CancellationToken cancellation)
    {
        var versions = (await client.Tasks.Versions(task.Name, cancellation))
            .Where(version => version.Version > 0)
            .ToArray();
        var maps = new List<(Method, VersionMaps)>();
        foreach (var version in versions.Where(version => version.Seed == 0))
            maps.Add((version.Method, await client.Tasks.Maps(task.Name, version.Version, cancellation)));
        return new(task, versions, maps);
    }

    public static IReadOnlyList<DemoRow> Rows(IEnumerable<AdaptedTask> adapted) =>
        [
            .. adapted.SelectMany(task =>
                task.Versions.Select(version => new DemoRow(
                    task.Task.Name,
                    version.Method,
                    version.Seed,
                    version.Examples,
                    version.Metrics.Accuracy,
                    version.TrainedParameters,
                    version.Seconds,
                    version.StateBytes,
                    version.CachedTo,
                    version.Metrics
                ))
            ),
        ];
}
