using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>
/// Poisson numbers of one mean: the distribution function, searched from where it was at the next lower of 64 parts.
/// </summary>
internal sealed class PoissonTable
{
    private const int Parts = 64;
    private readonly double[] _below;
    private readonly int[] _start = new int[Parts];

    /// <param name="mean">Small: the table has an entry for each count that occurs.</param>
    public PoissonTable(double mean)
    {
        var below = new List<double>();
        var (term, sum) = (Math.Exp(-mean), 0.0);
        for (var k = 1; sum < 1 - 1e-12; k++)
        {
            below.Add(sum += term);
            term *= mean / k;
            if (k > mean && term < 1e-16)
                break;
        }
        below.Add(1);
        _below = [.. below];
        for (int part = 0, k = 0; part < Parts; part++)
        {
            while (_below[k] <= (double)part / Parts)
                k++;
            _start[part] = k;
        }
    }

    public int Draw(RandomStream random)
    {
        var u = random.Uniform();
        var k = _start[(int)(u * Parts)];
        while (_below[k] <= u)
            k++;
        return k;
    }
}
