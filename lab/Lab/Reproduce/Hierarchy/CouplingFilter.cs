using System.Runtime.Intrinsics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>
/// Couplings as smoothed squares of the trained numbers. Positions are so far apart that a smoothing of 0.1 does not
/// reach from one to the next (its weight there is 1e-15), so it acts between the orientations of one position alone.
/// </summary>
internal sealed class CouplingFilter
{
    /// <summary>Neighbours that the smoothing of 0.1 reaches: the weight of the third is 1e-20.</summary>
    private const int Reach = 2;

    private readonly int _orientations;

    /// <summary>[trained * orientations + coupling]; the couplings of equal numbers are equal.</summary>
    private readonly float[] _kernel;

    /// <param name="width">Standard deviation in radians.</param>
    public CouplingFilter(int orientations, double width)
    {
        _orientations = orientations;
        var kernel = new double[orientations, orientations];
        for (var k = 0; k < orientations; k++)
        {
            for (var o = 0; o < orientations; o++)
                kernel[k, o] = Math.Exp(-Math.Pow(Math.PI * (k - o) / orientations, 2) / (2 * width * width));
            var sum = Enumerable.Range(0, orientations).Sum(o => kernel[k, o]);
            for (var o = 0; o < orientations; o++)
                kernel[k, o] /= sum;
        }
        _kernel = new float[orientations * orientations];
        for (var o = 0; o < orientations; o++)
        {
            var sum = Enumerable.Range(0, orientations).Sum(k => kernel[k, o]);
            for (var k = 0; k < orientations; k++)
                _kernel[k * orientations + o] = (float)(kernel[k, o] / sum);
        }
    }

    /// <param name="trained">[filter * 8 + run]</param>
    /// <param name="couplings">[filter * 8 + run]</param>
    public void Apply(float[] trained, float[] couplings)
    {
        Array.Clear(couplings);
        for (var at = 0; at < trained.Length; at += _orientations * Tile.Lanes)
        for (var k = 0; k < _orientations; k++)
        {
            var w = Vector256.LoadUnsafe(ref trained[at + k * Tile.Lanes]);
            for (var o = Math.Max(0, k - Reach); o <= Math.Min(_orientations - 1, k + Reach); o++)
            {
                ref var coupling = ref couplings[at + o * Tile.Lanes];
                (Vector256.LoadUnsafe(ref coupling) + _kernel[k * _orientations + o] * (w * w)).StoreUnsafe(
                    ref coupling
                );
            }
        }
    }

    /// <summary>From the gradient by the couplings to that by the trained numbers.</summary>
    public void Backward(float[] trained, float[] gCouplings, float[] gTrained)
    {
        for (var at = 0; at < trained.Length; at += _orientations * Tile.Lanes)
        for (var k = 0; k < _orientations; k++)
        {
            var sum = Vector256<float>.Zero;
            for (var o = Math.Max(0, k - Reach); o <= Math.Min(_orientations - 1, k + Reach); o++)
                sum += _kernel[k * _orientations + o] * Vector256.LoadUnsafe(ref gCouplings[at + o * Tile.Lanes]);
            (2 * Vector256.LoadUnsafe(ref trained[at + k * Tile.Lanes]) * sum).StoreUnsafe(
                ref gTrained[at + k * Tile.Lanes]
            );
        }
    }
}
