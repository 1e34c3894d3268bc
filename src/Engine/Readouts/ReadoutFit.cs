namespace ComodCluster.Engine.Readouts;

/// <summary>A readout that was chosen by folds and then fitted to all examples.</summary>
public sealed record ReadoutFit
{
    /// <summary>What a state holds; its scores are calibrated logits.</summary>
    public required StoredReadout Stored { get; init; }

    /// <summary>The same before it was rounded, [K, D], of features as they come.</summary>
    public required float[] Weight { get; init; }

    /// <summary>[K]</summary>
    public required float[] Bias { get; init; }

    public ReadoutPlace Place => Stored.Place;

    public ReadoutKind Kind => Stored.Kind;

    /// <summary>Folds that the places were compared by; 0 where they were not, as for want of images.</summary>
    public required int Folds { get; init; }

    /// <summary>
    /// Rows of the records that were held out once, ascending: all whose class has another image; of more than
    /// <see cref="ClosedFormReadout.Compared"/> a fifth, at most about 1,000.
    /// </summary>
    public required IReadOnlyList<int> HeldOut { get; init; }

    /// <summary>Calibrated logits [K] for each of <see cref="HeldOut"/>, of a readout that did not see it.</summary>
    public required IReadOnlyList<float[]> HeldOutLogits { get; init; }

    /// <summary>All that were compared, in the order of the places; empty without folds.</summary>
    public required IReadOnlyList<ReadoutCandidate> Candidates { get; init; }

    /// <summary>One sentence: what was chosen, and by which numbers.</summary>
    public required string Reason { get; init; }
}
