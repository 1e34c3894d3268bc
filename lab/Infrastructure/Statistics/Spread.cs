namespace ComodCluster.Infrastructure.Statistics;

/// <summary>A value with its interval.</summary>
public readonly record struct Spread(double Mean, double Low, double High);
