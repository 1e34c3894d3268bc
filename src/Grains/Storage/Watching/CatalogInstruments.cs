using System.Diagnostics.Metrics;

namespace ComodCluster.Grains.Storage.Watching;

/// <summary>Whether the catalog is whole.</summary>
internal sealed class CatalogInstruments
{
    private long _lost;

    public CatalogInstruments(IMeterFactory meters) =>
        meters
            .Create("ComodCluster.Storage")
            .CreateObservableGauge(
                "comod.catalog.lost",
                () => Interlocked.Read(ref _lost),
                "{write}",
                "Writes that the catalog had and has no more; anything but 0 needs an operator."
            );

    public void WritesLost(long count) => Interlocked.Exchange(ref _lost, count);
}
