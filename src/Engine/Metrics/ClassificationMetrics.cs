namespace ComodCluster.Engine.Metrics;

/// <summary>Quality of predicted probabilities. All shares are 0 to 1; the loss is in nats.</summary>
public sealed record ClassificationMetrics
{
    public const int CalibrationBins = 15;

    public required int Images { get; init; }
    public required double Accuracy { get; init; }

    /// <summary>Mean recall over the classes that occur.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>
    /// Share of the claims that are right. With classes: mean over those that occur (macro), also of two; a class that
    /// is never claimed has 0. With attributes: that of the positive side, mean over all attributes.
    /// </summary>
    public required double Precision { get; init; }

    /// <summary>
    /// Averaged like <see cref="Precision"/>: of classes it is <see cref="BalancedAccuracy"/>; an attribute that never
    /// occurs has 0.
    /// </summary>
    public required double Recall { get; init; }

    /// <summary>Averaged like <see cref="Precision"/>: the mean of each class's or attribute's own F1.</summary>
    public required double F1 { get; init; }

    /// <summary>Expected calibration error: 15 equal bins of the winning probability.</summary>
    public required double Ece { get; init; }

    /// <summary>Mean negative log-likelihood.</summary>
    public required double Nll { get; init; }

    /// <param name="probabilities">Per image [K], summing to 1.</param>
    /// <param name="labels">Per image the right class.</param>
    public static ClassificationMetrics OfClasses(IReadOnlyList<float[]> probabilities, IReadOnlyList<int> labels)
    {
        var outputs = probabilities[0].Length;
        var predicted = probabilities.Select(p => Array.IndexOf(p, p.Max())).ToArray();
        var classes = Enumerable
            .Range(0, outputs)
            .Select(k => Confusion(predicted.Select(p => p == k), labels.Select(l => l == k)))
            .Where(c => c.True > 0)
            .ToArray();
        return new ClassificationMetrics
        {
            Images = labels.Count,
            Accuracy = predicted.Zip(labels, (p, l) => p == l ? 1.0 : 0).Average(),
            BalancedAccuracy = classes.Average(c => (double)c.Hits / c.True),
            Precision = classes.Average(c => Ratio(c.Hits, c.Claimed)),
            Recall = classes.Average(c => Ratio(c.Hits, c.True)),
            F1 = classes.Average(c => 2.0 * c.Hits / (c.True + c.Claimed)),
            Ece = CalibrationError(
                [.. probabilities.Select(p => (double)p.Max())],
                [.. predicted.Zip(labels, (p, l) => p == l)]
            ),
            Nll = probabilities.Zip(labels, (p, l) => -Math.Log(Math.Max(p[l], 1e-12))).Average(),
        };
    }

    /// <param name="probabilities">Per image [K], independent.</param>
    /// <param name="labels">Per image [K], 0 or 1.</param>
    public static ClassificationMetrics OfAttributes(IReadOnlyList<float[]> probabilities, IReadOnlyList<int[]> labels)
    {
        var outputs = probabilities[0].Length;
        var attributes = Enumerable
            .Range(0, outputs)
            .Select(k =>
                (
                    Positive: Confusion(probabilities.Select(p => p[k] >= 0.5), labels.Select(l => l[k] == 1)),
                    Negative: Confusion(probabilities.Select(p => p[k] < 0.5), labels.Select(l => l[k] == 0))
                )
            )
            .ToArray();
        var confidence = probabilities.SelectMany(p => p.Select(x => (double)Math.Max(x, 1 - x))).ToArray();
        var right = probabilities
            .Zip(labels)
            .SelectMany(r => r.First.Zip(r.Second, (p, l) => (p >= 0.5) == (l == 1)))
            .ToArray();
        return new ClassificationMetrics
        {
            Images = labels.Count,
            Accuracy = right.Average(r => r ? 1.0 : 0),
            BalancedAccuracy = attributes.Average(a =>
                new[] { a.Positive, a.Negative }.Where(c => c.True > 0).Average(c => (double)c.Hits / c.True)
            ),
            Precision = attributes.Average(a => Ratio(a.Positive.Hits, a.Positive.Claimed)),
            Recall = attributes.Average(a => Ratio(a.Positive.Hits, a.Positive.True)),
            F1 = attributes.Average(a => Ratio(2 * a.Positive.Hits, a.Positive.True + a.Positive.Claimed)),
            Ece = CalibrationError(confidence, right),
            Nll = probabilities
                .Zip(labels)
                .Average(r =>
                    r.First.Zip(r.Second, (p, l) => -Math.Log(Math.Max(l == 1 ? p : 1 - p, 1e-12))).Average()
                ),
        };
    }

    /// <summary>Sum over bins of (share of images) |mean confidence - accuracy|.</summary>
    public static double CalibrationError(IReadOnlyList<double> confidence, IReadOnlyList<bool> right)
    {
        var bins = confidence.Zip(right).GroupBy(r => Math.Min((int)(r.First * CalibrationBins), CalibrationBins - 1));
        return bins.Sum(b => Math.Abs(b.Sum(r => r.First) - b.Count(r => r.Second))) / confidence.Count;
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static (int True, int Claimed, int Hits) Confusion(IEnumerable<bool> claimed, IEnumerable<bool> actual)
    {
        int positives = 0,
            claims = 0,
            hits = 0;
        foreach (var (c, a) in claimed.Zip(actual))
        {
            if (a)
                positives++;
            if (c)
                claims++;
            if (a && c)
                hits++;
        }
        return (positives, claims, hits);
    }
}
