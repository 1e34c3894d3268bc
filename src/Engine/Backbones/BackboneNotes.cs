namespace ComodCluster.Engine.Backbones;

/// <summary>How a backbone came to be: for people, never read by the engine.</summary>
/// <param name="TrainedOn">Data the weights come from.</param>
/// <param name="Accuracy">Test accuracy in 0..1.</param>
public sealed record BackboneNotes(
    string? TrainedOn = null,
    long? Seed = null,
    int? Epochs = null,
    double? Accuracy = null,
    string? Text = null
);
