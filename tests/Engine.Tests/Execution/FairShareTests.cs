using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using CsCheck;

namespace ComodCluster.Engine.Tests.Execution;

public class FairShareTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Round_AnyTenantsAndWeights_TimeFollowsTheWeightsOfThoseWhoAlwaysHaveWork()
    {
        Gen.Select(Gen.Double[0.25, 4], Gen.Int[1, 40])
            .Array[2, 5]
            .Sample(
                tenants =>
                {
                    var share = new FairShare(
                        tenants
                            .Select((t, i) => (Name: Name(i), Weight: t.Item1))
                            .ToDictionary(t => t.Name, t => t.Weight)
                    );
                    share.SetActive(tenants.Select((_, i) => Name(i)));
                    string[] items = [.. tenants.SelectMany((t, i) => Enumerable.Repeat(Name(i), t.Item2))];
                    var served = tenants.Select((_, i) => Name(i)).ToDictionary(t => t, _ => 0);
                    for (var round = 0; round < 4000; round++)
                        foreach (var item in share.Round(items, i => i, 0.01, batch: 1))
                        {
                            served[item]++;
                            share.Charge(item, 0.01);
                        }
                    // A tenant with few items gets at most one turn of each per round; the others divide the rest by
                    // weight. Nobody is behind by more than a round.
                    var behind = served.Keys.Select(t => share[t]).ToArray();
                    Assert.True(behind.Max() - behind.Min() < 40 * 0.01 / 0.25 + 0.1, string.Join(", ", behind));
                },
                iter: 30,
                threads: 1
            );

        static string Name(int i) => $"t{i}";
    }

    [Fact]
    public void Round_OneTenant_TakesEveryItemInItsOrder()
    {
        var share = new FairShare();
        share.SetActive(["a"]);
        Assert.Equal([3, 1, 2], share.Round([3, 1, 2], _ => "a", 1, batch: 2));
    }

    [Fact]
    public void Round_OneItemAmongMany_IsInEveryBatch()
    {
        var share = new FairShare();
        share.SetActive(["many", "one"]);
        string[] items = [.. Enumerable.Repeat("many", 31), "one"];
        for (var i = 0; i < 20; i++)
        {
            var round = share.Round(items, t => t, 0.01, batch: 4);
            Assert.Equal((4, 1), (round.Length, round.Count(t => t == "one")));
            foreach (var item in round)
                share.Charge(item, 0.01);
        }
    }

    [Fact]
    public void SetActive_ATenantThatIdled_ComesBackLevel()
    {
        var share = new FairShare();
        share.SetActive(["a", "b"]);
        share.Charge("a", 1);
        share.Charge("b", 1);
        share.SetActive(["a"]);
        share.Charge("a", 100);
        share.SetActive(["a", "b"]);
        Assert.Equal(share["a"], share["b"]);
        Assert.False(share.IsAhead("a"));
        share.Charge("a", 1);
        Assert.True(share.IsAhead("a"));
        share.SetActive(["a"]);
        Assert.False(share.IsAhead("a"));
    }

    [Fact]
    public async Task Adapt_OneTaskBesideManyOfAnotherTenant_EndsLongBeforeThem()
    {
        using var pack = Tiny.Pack();
        await using var engine = await Tiny.Engine();
        var settings = Tiny.Settings with { Steps = 60 };
        var ended = 0;
        var greedy = Enumerable
            .Range(0, 40)
            .Select(async seed =>
            {
                await engine.Adapt(
                    Tiny.Work(pack, settings with { Seed = seed }) with
                    {
                        Tenant = "greedy",
                    },
                    new Recorder(),
                    Cancellation
                );
                Interlocked.Increment(ref ended);
            })
            .ToArray();
        await engine.Adapt(Tiny.Work(pack, settings) with { Tenant = "modest" }, new Recorder(), Cancellation);
        Assert.InRange(Volatile.Read(ref ended), 0, 20);
        await Task.WhenAll(greedy);
    }

    [Fact]
    public async Task Predict_AQueueThatOneTenantFills_HasPlacesForOthers()
    {
        await using var engine = await Tiny.Engine(Tiny.Options with { PredictQueue = 64 });
        using var pack = Tiny.Pack(4, 1);
        var image = pack.ReadImage(pack.Indices(DatasetSplit.Test)[0]).ToArray();
        var task = ServedTask.Base(
            TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, ReadoutMode.Head),
            Tiny.Digest
        );
        var greedy = Enumerable
            .Range(0, 200)
            .Select(_ => Record.ExceptionAsync(() => engine.Predict(task, [image], "greedy", Cancellation)).AsTask())
            .ToArray();
        var modest = await engine.Predict(task, [image, image], "modest", Cancellation);
        Assert.Equal(2, modest.Count);
        Assert.All((await Task.WhenAll(greedy)).Where(e => e is not null), e => Assert.IsType<EngineBusyException>(e));
        Assert.Equal(0, engine.Statistics.PredictQueueDepth);
    }
}
