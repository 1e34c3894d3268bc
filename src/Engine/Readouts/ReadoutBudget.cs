namespace ComodCluster.Engine.Readouts;

/// <summary>How many bytes a stored readout may take, so that a state stays small.</summary>
/// <param name="Bytes">Of weights, scales and biases.</param>
public readonly record struct ReadoutBudget(int Bytes)
{
    private const int OfFew = 32 * 1024,
        Few = 10,
        OfAFurther = 3_276;

    /// <summary>32 KB up to ten outputs, and 3.2 KB for each further one.</summary>
    /// <param name="outputs">K.</param>
    public static ReadoutBudget Of(int outputs) => new(OfFew + Math.Max(0, outputs - Few) * OfAFurther);

    /// <summary>The finest precision in which a readout fits; null where none does.</summary>
    /// <param name="outputs">K.</param>
    /// <param name="width">D.</param>
    public StoredPrecision? PrecisionOf(int outputs, int width) =>
        StoredReadout.BytesOf(StoredPrecision.Half, outputs, width) <= Bytes ? StoredPrecision.Half
        : StoredReadout.BytesOf(StoredPrecision.Byte, outputs, width) <= Bytes ? StoredPrecision.Byte
        : null;
}
