using ComodCluster.Api.Tasks;
using ComodCluster.Samples;

if (args is not [var database, var backbone, var dataset, .. var names] || names.Length == 0)
{
    Console.Error.WriteLine(
        "usage: DirectScheduler \"Host=...;Database=...;Username=...;Password=...\" BACKBONE DATASET TASK..."
    );
    return 2;
}
await using var scheduler = await DirectScheduler.Connect(database);
var ended = await Task.WhenAll(
    names.Select(name =>
        scheduler.Adapt(
            new TaskSpec
            {
                Name = name,
                Backbone = backbone,
                Dataset = dataset,
            },
            new AdaptRequest()
        )
    )
);
foreach (var (name, (_, job)) in names.Zip(ended))
    Console.WriteLine(
        $"{name}: {job.Phase}{(job.Error is { } error ? $", {error.Message}" : $", version {job.Versions[0]}")}"
    );
return ended.All(e => e.Job.Error is null) ? 0 : 1;
