using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

public sealed record TrialStep(Method Method, int Seed, int Step, int Steps, double? Loss, double? Accuracy);
