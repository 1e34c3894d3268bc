using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>Poisson numbers of any mean.</summary>
internal static class Poisson
{
    private const double Small = 10;

    public static int Draw(double mean, RandomStream random)
    {
        if (mean >= Small)
            return Rejection(mean, random);
        var (limit, product, count) = (Math.Exp(-mean), random.Uniform(), 0);
        while (product > limit)
        {
            product *= random.Uniform();
            count++;
        }
        return count;
    }

    /// <summary>Transformed rejection with squeeze: Hörmann 1993, algorithm PTRS; for means of 10 and more.</summary>
    private static int Rejection(double mean, RandomStream random)
    {
        var b = 0.931 + 2.53 * Math.Sqrt(mean);
        var a = -0.059 + 0.02483 * b;
        var (logMean, logAlpha, quick) = (
            Math.Log(mean),
            Math.Log(1.1239 + 1.1328 / (b - 3.4)),
            0.9277 - 3.6224 / (b - 2)
        );
        while (true)
        {
            var u = random.Uniform() - 0.5;
            var v = random.Uniform();
            var s = 0.5 - Math.Abs(u);
            var k = Math.Floor((2 * a / s + b) * u + mean + 0.43);
            if (s >= 0.07 && v <= quick)
                return (int)k;
            if (k < 0 || (s < 0.013 && v > s))
                continue;
            if (Math.Log(v) + logAlpha - Math.Log(a / (s * s) + b) <= k * logMean - mean - LogFactorial(k))
                return (int)k;
        }
    }

    /// <summary>Stirling's series, from 10 on exact to 1e-10; below, the product.</summary>
    internal static double LogFactorial(double k)
    {
        if (k < 10)
        {
            var product = 1.0;
            for (var i = 2; i <= k; i++)
                product *= i;
            return Math.Log(product);
        }
        var inverse = 1 / (k * k);
        return (k + 0.5) * Math.Log(k)
            - k
            + 0.918938533204672742
            + (1.0 / 12 - inverse * (1.0 / 360 - inverse / 1260)) / k;
    }
}
