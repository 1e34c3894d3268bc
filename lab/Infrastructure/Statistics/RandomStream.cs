using System.Numerics;

namespace ComodCluster.Infrastructure.Statistics;

/// <summary>
/// xoshiro256** (Blackman and Vigna): the same numbers on every platform and version, which <see cref="Random"/> does
/// not promise.
/// </summary>
/// <remarks>The tables of the studies are drawn with it: another generator, such as the engine's, gives
/// others.</remarks>
public sealed class RandomStream
{
    private ulong _a,
        _b,
        _c,
        _d;
    private double _spare = double.NaN;

    /// <param name="parts">Streams of different parts are independent, also of parts that differ by 1.</param>
    public RandomStream(params ReadOnlySpan<int> parts)
    {
        ulong state = 0x9E3779B97F4A7C15;
        foreach (var part in parts)
            state = Mix(state ^ (uint)part);
        (_a, _b, _c, _d) = (state = Mix(state), state = Mix(state), state = Mix(state), Mix(state));
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform, 0 included, 1 not.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(Uniform() * count);

    /// <summary>Standard normal.</summary>
    public double Normal()
    {
        if (!double.IsNaN(_spare))
            return Take();
        double x,
            y,
            s;
        do
        {
            (x, y) = (2 * Uniform() - 1, 2 * Uniform() - 1);
            s = x * x + y * y;
        } while (s is >= 1 or 0);
        var factor = Math.Sqrt(-2 * Math.Log(s) / s);
        _spare = y * factor;
        return x * factor;

        double Take()
        {
            var spare = _spare;
            _spare = double.NaN;
            return spare;
        }
    }

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var k = Below(i + 1);
            (items[i], items[k]) = (items[k], items[i]);
        }
    }

    /// <summary>One step of splitmix64.</summary>
    private static ulong Mix(ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
