namespace ComodCluster.Engine.Data;

/// <summary>
/// Random numbers as a pure function of (seed, stream, counter): any of them can be had in any order, on any thread,
/// after any restart.
/// SplitMix64's finaliser (Steele, Lea, Flood, OOPSLA 2014) over its Weyl sequence, applied once per argument.
/// </summary>
public static class CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>64 uniform bits.</summary>
    public static ulong NextUInt64(ulong seed, ulong stream, ulong counter) =>
        Mix(Mix(Mix(seed + Golden) ^ (stream + 1) * 0xD1342543DE82EF95) + (counter + 1) * Golden);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public static double Uniform(ulong seed, ulong stream, ulong counter) =>
        ToUniform(NextUInt64(seed, stream, counter));

    /// <summary>Uniform in 0..bound-1; the bias is below bound / 2^64.</summary>
    public static int Below(int bound, ulong seed, ulong stream, ulong counter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(seed, stream, counter), (ulong)bound, out _);
    }

    /// <summary>Standard normal (Box and Muller's cosine half).</summary>
    public static double Normal(ulong seed, ulong stream, ulong counter)
    {
        var bits = NextUInt64(seed, stream, counter);
        var radius = Math.Sqrt(-2 * Math.Log(1 - ToUniform(bits)));
        return radius * Math.Cos(2 * Math.PI * ToUniform(Mix(bits + Golden)));
    }

    /// <summary>The numbers 0..count-1 in random order (Fisher and Yates).</summary>
    public static int[] Permutation(int count, ulong seed, ulong stream)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(i + 1, seed, stream, (ulong)i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private static double ToUniform(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
