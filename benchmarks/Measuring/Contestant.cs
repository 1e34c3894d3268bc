using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.Measuring;

/// <summary>One of those that are compared.</summary>
/// <param name="Seconds">Takes one sample and returns its seconds, as the contestant itself measures them.</param>
internal sealed record Contestant(string Name, Func<double> Seconds);
