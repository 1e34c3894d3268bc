using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>
/// Spike counts of trials whose stimuli alternate; the modulator takes a new value in each part of a trial.
/// </summary>
/// <param name="Counts">[trial][neuron]</param>
/// <param name="Parts">[trial * parts + part][neuron]; of a single part the same as <paramref name="Counts"/></param>
/// <param name="Modulator">[trial * parts + part]</param>
internal sealed record Trials(float[][] Counts, float[][] Parts, double[] Modulator)
{
    public int Count => Counts.Length;

    public int Neurons => Counts[0].Length;

    private int PartsOfTrial => Parts.Length / Counts.Length;

    /// <summary>Whether the first stimulus was shown.</summary>
    public static bool IsFirst(int trial) => trial % 2 == 0;

    public Trials Take(int count) =>
        new(Counts[..count], Parts[..(count * PartsOfTrial)], Modulator[..(count * PartsOfTrial)]);

    /// <param name="parts">Parts of each trial.</param>
    public static Trials Draw(Population population, double sigma, int count, int parts, RandomStream random)
    {
        var steady = Enumerable
            .Range(0, population.Neurons)
            .Select(j => population.Couplings[j] == 0 ? new PoissonTable(population.First[j] / parts) : null)
            .ToArray();
        var (rows, modulator) = (new float[count * parts][], new double[count * parts]);
        for (var i = 0; i < rows.Length; i++)
        {
            modulator[i] = random.Normal() * sigma;
            var (rates, row) = (
                IsFirst(i / parts) ? population.First : population.Second,
                new float[population.Neurons]
            );
            for (var j = 0; j < row.Length; j++)
                row[j] =
                    steady[j]?.Draw(random)
                    ?? Poisson.Draw(
                        Math.Min(rates[j] * population.Gain(j, modulator[i], sigma), Population.LargestRate) / parts,
                        random
                    );
            rows[i] = row;
        }
        return new(parts == 1 ? rows : [.. rows.Chunk(parts).Select(Sum)], rows, modulator);
    }

    private static float[] Sum(float[][] rows)
    {
        var sum = new float[rows[0].Length];
        foreach (var row in rows)
            System.Numerics.Tensors.TensorPrimitives.Add(sum, row, sum);
        return sum;
    }
}
