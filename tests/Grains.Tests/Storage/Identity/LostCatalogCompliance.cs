using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Identity;
using ComodCluster.TestInfrastructure;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Storage.Identity;

/// <summary>A catalog that lost writes is noticed, whatever it is kept in and wherever its blobs are.</summary>
public abstract class LostCatalogCompliance : IAsyncLifetime
{
    private protected readonly TempFolder Folder = new();

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    /// <summary>A silo on the place of the test; one at a time.</summary>
    private protected abstract MarkedSilo Silo(long? accepted = null, bool isMarked = true);

    /// <summary>What the catalog is now, while no silo has it.</summary>
    private protected abstract Task<string> Save();

    /// <summary>Puts back what was saved; null: an empty database.</summary>
    private protected abstract Task Restore(string? saved);

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Open_CatalogOfYesterday_IsRefusedUntilItsOwnNumberIsAccepted()
    {
        await Run(silo => silo.Write("a", "b"));
        var yesterday = await Save();
        await Run(silo => silo.Write("c", "d", "e"));
        await Restore(yesterday);

        var (missing, number) = await Refusal();
        Assert.Equal(3, missing);
        Assert.Equal((3, number), await Refusal(accepted: number - 1));
        await Run(silo => silo.Write("f"), accepted: number);
        await Run(_ => Task.CompletedTask, accepted: number);
        await Restore(yesterday);

        Assert.NotEqual(number, (await Refusal(accepted: number)).Number);
    }

    [Fact]
    public async Task Open_EmptyCatalogBesideBlobs_IsRefusedAndCanBeAccepted()
    {
        await Run(async silo =>
        {
            await silo.Store(1);
            await silo.Write("a", "b");
        });
        await Restore(null);

        var (_, number) = await Refusal();

        await Run(async silo => Assert.Single(await silo.Blobs.All(Stop).ToListAsync(Stop)), accepted: number);
    }

    [Fact]
    public async Task Open_PlaceOfAnEarlierBuild_IsMarkedUnlessItsCatalogIsEmpty()
    {
        using (var earlier = Silo(isMarked: false))
        {
            await earlier.Store(1);
            await earlier.Write("a");
        }
        var saved = await Save();

        await Restore(null);
        Assert.Equal("catalog-behind", (await Assert.ThrowsAsync<InputException>(Open)).Code);
        await Restore(saved);
        await Run(silo => silo.Write("b"));
        await Restore(saved);

        Assert.Equal("catalog-behind", (await Assert.ThrowsAsync<InputException>(Open)).Code);
        await Restore(null);
        Assert.Equal("catalog-behind", (await Assert.ThrowsAsync<InputException>(Open)).Code);
    }

    [Fact]
    public async Task Open_MarkOfAnotherCatalog_IsRefused()
    {
        await Run(async silo =>
        {
            await silo.Store(1);
            await silo.Depot.WriteNote(ClusterIdentity.MarkName, "of-another", Stop);
        });

        var refusal = await Assert.ThrowsAsync<InputException>(Open);

        Assert.Equal("blobs-mismatch", refusal.Code);
        Assert.Contains("'of-another'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DamagedCount_IsRefused()
    {
        await Run(silo => silo.Depot.WriteNote(SeenWrites.FileName, "{\"writes\":", Stop));

        Assert.Contains("comod-writes cannot be read", (await Assert.ThrowsAsync<InputException>(Open)).Message);
    }

    [Fact]
    public async Task Compare_WritesGoneWhileRunning_AreNotForgottenUntilAccepted()
    {
        long number;
        using (var silo = Silo())
        {
            await silo.Write("a", "b");
            Assert.Equal(0, await silo.Watch.Compare(Stop));
            await silo.Write("c");
            // The last one is known to this process alone.
            await silo.Catalog.Read(
                (catalog, stop) =>
                    catalog.Database.ExecuteSqlRawAsync(
                        "UPDATE comod_writes SET count = count - 2 WHERE slot = (SELECT slot FROM comod_writes "
                            + "WHERE count > 1 LIMIT 1)",
                        stop
                    ),
                Stop
            );
            Assert.Equal(2, await silo.Watch.Compare(Stop));
            await silo.Write("d", "e", "f");
            Assert.Equal(2, await silo.Watch.Compare(Stop));
        }

        (var missing, number) = await Refusal();
        Assert.Equal(2, missing);
        await Run(async silo => Assert.Equal(0, await silo.Watch.Compare(Stop)), accepted: number);
        await Run(_ => Task.CompletedTask);
    }

    private protected async Task Open()
    {
        using var silo = Silo();
        await silo.Catalog.Open(Stop);
    }

    /// <summary>A silo from its start to its clean end.</summary>
    private protected async Task Run(Func<MarkedSilo, Task> work, long? accepted = null)
    {
        using var silo = Silo(accepted);
        await silo.Catalog.Open(Stop);
        await silo.Watch.Compare(Stop);
        await work(silo);
        if (await silo.Depot.ReadNote(SeenWrites.FileName, Stop) is { } seen && SeenWrites.Parse(seen) is not null)
            await silo.Watch.Compare(Stop);
    }

    /// <summary>How many writes the refusal misses, and the number that accepts it.</summary>
    private protected async Task<(long? Missing, long Number)> Refusal(long? accepted = null)
    {
        using var silo = Silo(accepted);
        var refusal = await Assert.ThrowsAsync<InputException>(() => silo.Catalog.Open(Stop));
        Assert.Equal("catalog-behind", refusal.Code);
        var match = Words().Match(refusal.Message);
        Assert.True(match.Success, refusal.Message);
        return (
            match.Groups["missing"] is { Success: true, Value: var missing } ? long.Parse(missing) : null,
            long.Parse(match.Groups["number"].Value)
        );
    }

    private static System.Text.RegularExpressions.Regex Words() =>
        new(
            @"^The (catalog has lost (?<missing>\d+) of the \d+ writes|.* had \d+ writes .* is empty: ).*"
                + @"--accept-lost-writes (?<number>\d+)\.$"
        );
}
