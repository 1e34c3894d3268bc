namespace ComodCluster.Engine.Data.Archives;

/// <summary>Counts what an archive really unpacks to.</summary>
internal sealed class UnpackBudget(ArchiveLimits limits, long packedBytes)
{
    private long _total;

    public ArchiveLimits Limits => limits;

    public void Spend(int bytes)
    {
        _total += bytes;
        if (_total > limits.MaxUnpackedBytes)
            throw limits.TooLargeUnpacked();
        if (_total > ArchiveLimits.FreeBytes && _total / limits.MaxRatio > packedBytes)
            throw limits.Bomb("The archive");
    }
}
