namespace ComodCluster.Engine.Planning;

/// <summary>A number with the interval that holds it with about 95 %.</summary>
public readonly record struct Interval(double Value, double Low, double High);
