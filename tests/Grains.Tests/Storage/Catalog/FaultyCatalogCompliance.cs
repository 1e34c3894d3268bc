using ComodCluster.Api.Datasets;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

/// <summary>
/// The whole suite on a database that fails now and then, with callers who repeat what they are told to repeat.
/// </summary>
public abstract class FaultyCatalogCompliance : CatalogCompliance
{
    private protected const ulong Seed = 20261125;

    /// <summary>Transactions that are still open on any connection.</summary>
    private protected abstract Task<long> OpenTransactions();

    public override async ValueTask DisposeAsync()
    {
        Assert.Equal(0, await OpenTransactions());
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Writes_ByManyWithFaults_AreThereOnceAndWhole()
    {
        const int writers = 8,
            objects = 5,
            saves = 4;
        await Catalog.Persist(() => Catalog.Database.Open(Stop));
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var watcher = Task.Run(
            async () =>
            {
                // One statement sees one state: an object is never there without the job that was written along.
                while (!done.IsCancellationRequested)
                    Assert.Equal(
                        0,
                        await Catalog.Persist(() =>
                            Catalog.Database.Read(
                                (rows, stop) =>
                                    rows.Objects.CountAsync(o => !rows.Jobs.Any(j => j.SubjectUid == o.Uid), stop),
                                Stop
                            )
                        )
                    );
            },
            Stop
        );

        await Task.WhenAll(
            Enumerable
                .Range(0, writers)
                .Select(w =>
                    Task.Run(
                        async () =>
                        {
                            for (var i = 0; i < objects; i++)
                            {
                                var name = $"w{w}-{i}";
                                var stored = await Catalog.Create(
                                    name,
                                    name,
                                    TestCatalog.With(TestCatalog.Job("job-" + name, name))
                                );
                                for (var save = 1; save <= saves; save++)
                                {
                                    var reason = $"save {save}";
                                    await Catalog.Save(
                                        stored,
                                        stored.Value! with
                                        {
                                            Reason = reason,
                                            Phase = DatasetPhase.Failed,
                                        },
                                        now => now.Reason == reason
                                    );
                                }
                            }
                        },
                        Stop
                    )
                )
        );
        await done.CancelAsync();
        await watcher;

        var rows = await Catalog.Persist(() =>
            Catalog.Database.Read((rows, stop) => rows.Objects.OrderBy(o => o.Uid).ToListAsync(stop), Stop)
        );
        Assert.Equal(writers * objects, rows.Count);
        // Every acknowledged save counts once: those whose answer was lost were recognised.
        Assert.All(rows, row => Assert.Equal((1L + saves, "failed"), (row.Etag, row.Phase)));
        Assert.All(rows, row => Assert.Contains($"save {saves}", row.Payload, StringComparison.Ordinal));
        Assert.Equal(
            writers * objects,
            await Catalog.Persist(() => Catalog.Database.Read((rows, stop) => rows.Jobs.CountAsync(stop), Stop))
        );
        Assert.True(
            Catalog.Faults is { Count: > 20, Lost: > 2 },
            $"{Catalog.Faults!.Count} faults, {Catalog.Faults.Lost} answers lost"
        );
    }
}
