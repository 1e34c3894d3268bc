namespace ComodCluster.Engine.Planning;

/// <summary>
/// H-score (Bao et al., ICIP 2019): trace of the inverse covariance of the features times the covariance of their class
/// means, 0 to classes - 1. With few images and many features the covariance is shrunk towards a multiple of the
/// identity by Ledoit and Wolf's intensity (2004), and the class means' with it (Ibrahim, Ponomareva, Mazumder, 2021).
/// Invariant to a shift, a rotation and a common factor of the features.
/// </summary>
public static class HScore
{
    /// <param name="features">n rows.</param>
    /// <param name="targets">[n][K]: one-hot, or 0 and 1 per attribute; of attributes the mean over them.</param>
    /// <param name="exclusive">One-hot.</param>
    public static double Score(FeatureSpectrum features, IReadOnlyList<float[]> targets, bool exclusive)
    {
        var outputs = targets[0].Length;
        return exclusive
            ? Between(features, [.. Enumerable.Range(0, outputs).Select(k => Members(k, 1))])
            : Enumerable.Range(0, outputs).Average(k => Between(features, [Members(k, 0), Members(k, 1)]));

        double[] Members(int k, float value) => [.. targets.Select(t => t[k] == value ? 1.0 : 0)];
    }

    /// <summary>0 to 1: the weight of the identity.</summary>
    public static double Shrinkage(FeatureSpectrum features)
    {
        double n = features.Rows,
            width = features.Width;
        double[] variances = [.. features.Singular.Select(s => s * s / n)];
        double mean = variances.Sum() / width,
            squares = variances.Sum(v => v * v),
            distance = squares - width * mean * mean; // |S - mean I|^2
        var error = (features.SquaredNorms.Sum(r => r * r) - n * squares) / (n * n); // of S: mean |x x' - S|^2 / n
        return distance <= 0 ? 1 : Math.Clamp(error / distance, 0, 1);
    }

    /// <param name="groups">Per group, 1 for its rows and 0 for the others.</param>
    private static double Between(FeatureSpectrum features, IReadOnlyList<double[]> groups)
    {
        double n = features.Rows,
            shrinkage = Shrinkage(features),
            identity = shrinkage * features.Singular.Sum(s => s * s) / n / features.Width,
            score = 0;
        foreach (var group in groups)
        {
            var members = group.Sum();
            if (members == 0)
                continue;
            var z = features.Project(group); // the group's mean along axis i is s_i z_i / members
            for (var i = 0; i < z.Length; i++)
            {
                var variance = features.Singular[i] * features.Singular[i] / n;
                score +=
                    members
                    / n
                    * Math.Pow(features.Singular[i] * z[i] / members, 2)
                    / ((1 - shrinkage) * variance + identity);
            }
        }
        return (1 - shrinkage) * score;
    }
}
