namespace ComodCluster.Engine.Backbones.Training;

/// <param name="Epoch">1-based.</param>
/// <param name="Step">Steps done, of all epochs.</param>
/// <param name="Loss">Running mean.</param>
/// <param name="Accuracy">On test objects after the latest epoch; null in the first.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    double? Loss,
    double? Accuracy,
    double ImagesPerSecond,
    double? SecondsLeft
);
