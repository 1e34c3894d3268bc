namespace ComodCluster.Engine.Readouts;

/// <summary>What the folds said of a kind of readout at a place.</summary>
/// <param name="Error">Share of wrong answers out of fold, 0 to 1; of attributes the balanced one.</param>
/// <param name="Loss">Mean negative log-likelihood out of fold after calibration, nats.</param>
public sealed record ReadoutCandidate(ReadoutPlace Place, ReadoutKind Kind, double Error, double Loss);
