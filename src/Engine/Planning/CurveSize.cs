namespace ComodCluster.Engine.Planning;

/// <summary>Accuracy of the readout that is fitted to so many images, on others.</summary>
public sealed record CurveSize(int Examples, Interval Accuracy);
