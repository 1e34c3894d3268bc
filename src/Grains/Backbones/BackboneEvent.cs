namespace ComodCluster.Grains.Backbones;

public enum BackboneEvent
{
    Trained,
    TrainingFailed,

    /// <summary>The same name is given another try after a failed training.</summary>
    TrainAgain,

    /// <summary>The name of a failed training is given to weights that were uploaded.</summary>
    RegisterInstead,
    Delete,
}
