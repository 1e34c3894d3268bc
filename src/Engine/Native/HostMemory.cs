namespace ComodCluster.Engine.Native;

internal static class HostMemory
{
    /// <summary>Bytes that the process may use: those of the machine, or of its container's limit.</summary>
    public static long Bytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
