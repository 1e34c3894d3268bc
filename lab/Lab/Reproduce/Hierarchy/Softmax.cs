namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Cross entropy of the rows of a tile.</summary>
/// <remarks>The table of <c>nature-fig5</c> hangs on how its sums round; libtorch's round otherwise.</remarks>
internal static class Softmax
{
    /// <summary>
    /// Loss and decision of each row, and, where wanted, the gradient of the mean loss of a run's rows.
    /// </summary>
    /// <param name="logits">[class * 16 + row]</param>
    /// <param name="labels">[row]; below 0: the row does not count.</param>
    /// <param name="losses">[row]</param>
    /// <param name="right">[row] Whether the greatest logit is the label's.</param>
    public static void Evaluate(
        float[] logits,
        ReadOnlySpan<int> labels,
        Span<float> losses,
        Span<bool> right,
        float[]? gradient = null
    )
    {
        var classes = logits.Length / Tile.Rows;
        for (var row = 0; row < Tile.Rows; row++)
        {
            var (label, best, highest, sum) = (labels[row], 0, float.NegativeInfinity, 0f);
            for (var k = 0; k < classes; k++)
                if (logits[k * Tile.Rows + row] > highest)
                    (best, highest) = (k, logits[k * Tile.Rows + row]);
            for (var k = 0; k < classes; k++)
                sum += MathF.Exp(logits[k * Tile.Rows + row] - highest);
            losses[row] = label < 0 ? 0 : MathF.Log(sum) + highest - logits[label * Tile.Rows + row];
            right[row] = best == label;
            if (gradient is null)
                continue;
            for (var k = 0; k < classes; k++)
                gradient[k * Tile.Rows + row] =
                    label < 0
                        ? 0
                        : (MathF.Exp(logits[k * Tile.Rows + row] - highest) / sum - (k == label ? 1 : 0)) / Tile.Batch;
        }
    }
}
