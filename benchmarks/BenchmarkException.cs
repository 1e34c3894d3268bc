using ComodCluster.Benchmarks.Measuring;

namespace ComodCluster.Benchmarks;

/// <summary>A measurement that would mean nothing: says what to install or what is wrong.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
