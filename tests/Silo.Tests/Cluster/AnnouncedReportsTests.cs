using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Runtime;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>Runs report a job's end in the new words only where every worker announces that it knows them.</summary>
public class AnnouncedReportsTests(RunningSilo silo)
{
    [Fact]
    public void Manifest_OfAWorker_NamesTaskAndItsReports()
    {
        var own = Assert.Single(silo.Services.GetRequiredService<IClusterManifestProvider>().Current.Silos).Value;

        Assert.Contains(GrainType.Create("task"), own.Grains.Keys);
        Assert.Contains(GrainInterfaceType.Create("comod.ITaskReports"), own.Interfaces.Keys);
    }
}
