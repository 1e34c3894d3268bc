using ComodCluster.Benchmarks.Measuring;

namespace ComodCluster.Benchmarks;

internal interface IBenchmark
{
    /// <summary>Name of the command and of the files.</summary>
    string Name { get; }

    string Description { get; }

    /// <exception cref="BenchmarkException">A peer is missing, or two contestants do not compute the same.</exception>
    Report Run(Effort effort);
}
