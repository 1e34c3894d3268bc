using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Clutter;

/// <summary>
/// Which objects of every class may be used: those numbered From to To - 1 of a split, as far as a class has them.
/// </summary>
public sealed record ObjectRange(DatasetSplit Split, int From = 0, int To = int.MaxValue)
{
    /// <summary>Training images per class that tasks adapt from; backbones are trained on the others only.</summary>
    public const int AdaptPerClass = 1_000;

    /// <summary>What tasks adapt from: the first 1,000 training images of each class.</summary>
    public static ObjectRange Adapt { get; } = new(DatasetSplit.Train, 0, AdaptPerClass);

    /// <summary>What backbones are trained on: training images from number 1,000 on.</summary>
    public static ObjectRange Pretrain { get; } = new(DatasetSplit.Train, AdaptPerClass);

    public static ObjectRange Test { get; } = new(DatasetSplit.Test);

    /// <summary>Objects of a class in this range.</summary>
    public int Count(IObjectSource source, int label) => Math.Max(0, Math.Min(To, source.Count(Split, label)) - From);
}
