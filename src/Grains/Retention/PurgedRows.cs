namespace ComodCluster.Grains.Retention;

/// <summary>How many rows a round deleted.</summary>
internal sealed record PurgedRows(int Objects, int Versions, int Jobs)
{
    public bool Any => Objects + Versions + Jobs > 0;
}
