namespace ComodCluster.Engine.Backbones.Training;

/// <param name="File">Safetensors with the spec as metadata.</param>
/// <param name="Accuracy">On all test objects, each at one random cell, 0 to 1.</param>
public sealed record TrainedBackbone(byte[] File, double Accuracy);
