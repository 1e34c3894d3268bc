namespace ComodCluster.Engine.Data.Packs;

public enum DatasetSplit : byte
{
    Train = 0,
    Test = 1,
}
