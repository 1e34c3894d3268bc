using System.Collections.Immutable;
using System.Reflection;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Tasks;
using ComodCluster.Grains.Tests.Storage.Catalog;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;

namespace ComodCluster.Grains.Tests.Tasks;

/// <summary>A run tells its task in the words that every worker of the cluster knows.</summary>
public sealed class TaskReportingTests : IDisposable
{
    private static readonly JobOutcome Outcome = new()
    {
        Job = "job",
        Epoch = 1,
        ActiveVersionAtStart = 0,
    };

    private readonly TestCatalog _catalog = new();

    [Fact]
    public async Task Ended_EveryWorkerKnowsTheReport_OneCallSaysTheNumbers()
    {
        var (reporting, calls) = Reporting(Worker(knows: true), Worker(knows: true), Gateway());

        Assert.Equal([7], await reporting.Ended("u", Outcome));

        Assert.Equal(["Ended"], calls);
    }

    [Fact]
    public async Task Ended_AWorkerOfTheBuildBefore_IsToldTheOldWayAndTheCatalogSaysTheNumbers()
    {
        await _catalog.Database.Write(
            (rows, _) =>
            {
                foreach (var (job, number) in new[] { ("earlier", 1), ("job", 2), ("job", 3) })
                    rows.Versions.Add(
                        new VersionRow
                        {
                            TaskUid = "u",
                            Number = number,
                            Job = job,
                            Digest = "d",
                            Schema = 1,
                            Payload = "{}",
                        }
                    );
                return Task.FromResult(true);
            },
            TestContext.Current.CancellationToken
        );
        var (reporting, calls) = Reporting(Worker(knows: true), Worker(knows: false));

        Assert.Equal([2, 3], await reporting.Ended("u", Outcome));

        Assert.Equal(["Complete"], calls);
    }

    public void Dispose() => _catalog.Dispose();

    private (TaskReporting Reporting, List<string> Calls) Reporting(params GrainManifest[] silos)
    {
        var calls = new List<string>();
        var grains = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)grains).Calls = calls;
        return (new TaskReporting(grains, new Manifests(silos), _catalog.Database), calls);
    }

    private static GrainManifest Worker(bool knows) =>
        Silo(["task"], knows ? ["comod.ITaskReports", "comod.ITaskGrain"] : ["comod.ITaskGrain"]);

    private static GrainManifest Gateway() => Silo([], []);

    private static GrainManifest Silo(string[] grains, string[] interfaces) =>
        new(
            grains.ToImmutableDictionary(
                GrainType.Create,
                _ => new GrainProperties(
                    ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal)
                )
            ),
            interfaces.ToImmutableDictionary(
                GrainInterfaceType.Create,
                _ => new GrainInterfaceProperties(
                    ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal)
                )
            )
        );

    private sealed class Manifests(GrainManifest[] silos) : IClusterManifestProvider
    {
        public ClusterManifest Current { get; } =
            new(
                MajorMinorVersion.Zero,
                silos
                    .Select(
                        (silo, i) =>
                            KeyValuePair.Create(SiloAddress.New(System.Net.IPAddress.Loopback, 1000 + i, 1), silo)
                    )
                    .ToImmutableDictionary()
            );

        public IAsyncEnumerable<ClusterManifest> Updates => throw new NotSupportedException();

        public GrainManifest LocalGrainManifest => throw new NotSupportedException();
    }

    public class Factory : DispatchProxy
    {
        public List<string> Calls { get; set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var grain =
                targetMethod!.ReturnType == typeof(ITaskGrain)
                    ? DispatchProxy.Create<ITaskGrain, Grain>()
                    : (object)DispatchProxy.Create<ITaskReports, Grain>();
            ((Grain)grain).Calls = Calls;
            return grain;
        }
    }

    public class Grain : DispatchProxy
    {
        public List<string> Calls { get; set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Calls.Add(targetMethod!.Name);
            return targetMethod.ReturnType == typeof(Task)
                ? Task.CompletedTask
                : Task.FromResult<IReadOnlyList<int>>([7]);
        }
    }
}
