using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Native;

/// <summary>What to do when a device runs out of memory: the same rows in smaller batches.</summary>
internal static class DeviceMemory
{
    private static long _halvings;

    /// <summary>Times that a batch of this process was halved.</summary>
    public static long Halvings => Interlocked.Read(ref _halvings);

    /// <summary>Whether an exception says that libtorch could not allocate.</summary>
    public static bool IsExhausted(Exception e) =>
        e is OutOfMemoryException
        || (
            e is ExternalException
            && (
                e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
                || e.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase)
            )
        );

    public static void CountHalving() => Interlocked.Increment(ref _halvings);

    /// <summary>
    /// Runs all rows at once, or in halves, and those in halves, where the memory does not suffice. No autograd.
    /// </summary>
    /// <param name="rows">B</param>
    /// <param name="run">First row and count b -> [b, ...], row by row.</param>
    /// <returns>[B, ...]</returns>
    /// <exception cref="DeviceMemoryException">One row does not fit.</exception>
    public static Tensor ByRows(long rows, Func<long, long, Tensor> run) => ByRows(0, rows, run);

    private static Tensor ByRows(long from, long count, Func<long, long, Tensor> run)
    {
        try
        {
            return run(from, count);
        }
        catch (Exception e) when (IsExhausted(e))
        {
            if (count == 1)
                throw new DeviceMemoryException(e);
        }
        CountHalving();
        using var scope = NewDisposeScope();
        var half = count / 2;
        return cat([ByRows(from, half, run), ByRows(from + half, count - half, run)], 0).MoveToOuterDisposeScope();
    }
}
