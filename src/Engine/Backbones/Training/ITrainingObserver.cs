namespace ComodCluster.Engine.Backbones.Training;

/// <summary>Hears of a training on its own thread; a slow observer slows the training.</summary>
public interface ITrainingObserver
{
    void Report(TrainingProgress progress);

    void Checkpoint(byte[] state);
}
