namespace ComodCluster.Engine.Data.Archives;

internal enum TarKind
{
    File,
    Directory,
    Special,
}
