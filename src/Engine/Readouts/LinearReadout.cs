namespace ComodCluster.Engine.Readouts;

/// <summary>A readout before it is stored, float64: y = W (x - mean) + b.</summary>
/// <param name="Weight">[K, D]</param>
/// <param name="Bias">[K]: the scores at the mean.</param>
/// <param name="Mean">[D]</param>
internal sealed record LinearReadout(double[] Weight, double[] Bias, double[] Mean)
{
    public int Outputs => Bias.Length;

    public int Width => Mean.Length;

    /// <summary>The same but for a summand that all outputs share.</summary>
    public LinearReadout Centred()
    {
        var (weight, bias) = ((double[])Weight.Clone(), (double[])Bias.Clone());
        for (var j = 0; j < Width; j++)
            Centre(weight, j, Width);
        Centre(bias, 0, 1);
        return this with { Weight = weight, Bias = bias };
    }

    /// <param name="calibration">Of these scores.</param>
    public LinearReadout Calibrated(ScoreCalibration calibration) =>
        this with
        {
            Weight = [.. Weight.Select(w => w * calibration.Factor)],
            Bias = [.. Bias.Select((b, k) => b * calibration.Factor + calibration.Offset[k])],
        };

    /// <summary>The bias [K] that goes with features as they come: y = W x + b.</summary>
    public float[] BiasAtZero() =>
        [.. Bias.Select((b, k) => (float)(b - LinearAlgebra.Products.Dot(Weight.AsSpan(k * Width, Width), Mean)))];

    // [K] numbers from a start on, a stride apart, less their mean.
    private void Centre(double[] values, int start, int stride)
    {
        var mean = 0.0;
        for (var k = 0; k < Outputs; k++)
            mean += values[start + k * stride];
        mean /= Outputs;
        for (var k = 0; k < Outputs; k++)
            values[start + k * stride] -= mean;
    }
}
