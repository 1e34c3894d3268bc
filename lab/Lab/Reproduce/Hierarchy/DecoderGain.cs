using System.Runtime.Intrinsics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Decoder gains of eight runs: a running mean of the labels, non-negative and of mean 1.</summary>
/// <remarks>
/// The engine's update has the same equation. It refuses labels that are rounding noise, which the publication knows
/// nothing of, and rounds otherwise: the table of <c>nature-fig5</c> would change.
/// </remarks>
internal sealed class DecoderGain(int units)
{
    private const float LongestMemory = 100;
    private Vector256<float> _memory = Vector256<float>.One;

    /// <summary>[unit * 8 + run]</summary>
    public float[] Values { get; } = [.. Enumerable.Repeat(1f, units * Tile.Lanes)];

    /// <param name="labels">[unit * 8 + run]; negative ones are cut to 0. A run whose labels are all cut keeps its
    /// gain.</param>
    /// <param name="runs">All bits set for the runs that are refreshed.</param>
    public void Refresh(float[] labels, Vector256<float> runs)
    {
        var sum = Vector256<float>.Zero;
        for (var at = 0; at < labels.Length; at += Tile.Lanes)
            sum += Vector256.Max(Vector256.LoadUnsafe(ref labels[at]), Vector256<float>.Zero);
        var refreshed = runs & Vector256.GreaterThan(sum, Vector256<float>.Zero);
        var (scale, total) = (Vector256.Create((float)units) / sum, Vector256<float>.Zero);
        for (var at = 0; at < labels.Length; at += Tile.Lanes)
        {
            var label = Vector256.Max(Vector256.LoadUnsafe(ref labels[at]), Vector256<float>.Zero) * scale;
            var gain = Vector256.LoadUnsafe(ref Values[at]);
            gain = Vector256.ConditionalSelect(
                refreshed,
                (gain * _memory + label) / (_memory + Vector256<float>.One),
                gain
            );
            total += gain;
            gain.StoreUnsafe(ref Values[at]);
        }
        var mean = Vector256.ConditionalSelect(refreshed, Vector256.Create((float)units) / total, Vector256<float>.One);
        for (var at = 0; at < labels.Length; at += Tile.Lanes)
            (Vector256.LoadUnsafe(ref Values[at]) * mean).StoreUnsafe(ref Values[at]);
        _memory = Vector256.ConditionalSelect(
            refreshed,
            Vector256.Min(_memory + Vector256<float>.One, Vector256.Create(LongestMemory)),
            _memory
        );
    }
}
