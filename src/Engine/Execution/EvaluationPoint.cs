namespace ComodCluster.Engine.Execution;

/// <summary>One evaluation: training loss of the latest step, and loss and accuracy on held-out images.</summary>
public sealed record EvaluationPoint(int Step, double Loss, double HeldOutLoss, double HeldOutAccuracy);
