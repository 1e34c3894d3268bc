using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Which training rows a step uses: a pure function of seed and step, so that a resumed run draws what the
/// uninterrupted one would.
/// </summary>
public static class Sampler
{
    private const ulong Stream = 0x5A3D_0000_0000;

    /// <summary>
    /// Positions 0..count-1: all of them where they fit into the batch, else a draw without replacement.
    /// </summary>
    public static int[] Rows(int count, int batch, int seed, int step)
    {
        if (count <= batch)
            return [.. Enumerable.Range(0, count)];
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        for (var i = 0; i < batch; i++)
        {
            var j = i + CounterRandom.Below(count - i, (ulong)(uint)seed, Stream + (uint)step, (ulong)i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order[..batch];
    }
}
