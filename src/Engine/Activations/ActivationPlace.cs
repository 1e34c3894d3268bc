using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Activations;

/// <summary>
/// What of an image is kept: the frozen network's activations at a cut, or its record, the pools at every place where a
/// readout may read the network.
/// </summary>
public readonly record struct ActivationPlace
{
    private ActivationPlace(Cut? cut) => Cut = cut;

    public static ActivationPlace Record => default;

    /// <summary>Null: the record.</summary>
    public Cut? Cut { get; }

    /// <summary>One vector for each image, float32; else channels and places in the backbone's precision.</summary>
    public bool IsVector => Cut is null || Cut == Backbones.Cut.Pool;

    public static ActivationPlace FromCut(Cut cut) => new(cut);

    public static implicit operator ActivationPlace(Cut cut) => new(cut);

    /// <summary>Part of what names a file: records of other pools, or in another order, need another name.</summary>
    public override string ToString() => Cut?.ToString() ?? "record";
}
