using System.Diagnostics.Metrics;
using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Blobs that wait for an operator's word.</summary>
internal sealed class BlobInstruments
{
    private long _count,
        _bytes;

    public BlobInstruments(IMeterFactory meters)
    {
        var meter = meters.Create("ComodCluster.Blobs");
        meter.CreateObservableGauge(
            "comod.blobs.held",
            () => Interlocked.Read(ref _count),
            "{blob}",
            "Blobs of unknown origin that the last sweep held back; anything but 0 needs an operator."
        );
        meter.CreateObservableGauge(
            "comod.blobs.held.size",
            () => Interlocked.Read(ref _bytes),
            "By",
            "Bytes of these blobs."
        );
    }

    public void HeldBack(IReadOnlyCollection<ListedBlob> blobs)
    {
        Interlocked.Exchange(ref _count, blobs.Count);
        Interlocked.Exchange(ref _bytes, blobs.Sum(b => b.Length));
    }
}
