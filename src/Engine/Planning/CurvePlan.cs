namespace ComodCluster.Engine.Planning;

/// <summary>Learning curve of a readout that is fitted to unmodulated features.</summary>
/// <param name="Sizes">That were tried.</param>
/// <param name="Exponent">Exponent of the error over the examples; null where only one size could be tried.</param>
/// <param name="Expected">At the task's examples.</param>
/// <param name="Doubled">At twice as many.</param>
public sealed record CurvePlan(IReadOnlyList<CurveSize> Sizes, double? Exponent, Interval Expected, Interval Doubled);
