namespace ComodCluster.Engine.Backbones;

/// <summary>
/// Number format of the frozen convolutions and what flows between them. Gains, features, losses and all that is
/// trained are float32 in any case.
/// </summary>
public enum Precision
{
    /// <summary>On a GPU with the shorter products of TF32, as is libtorch's default.</summary>
    Float32,

    /// <summary>Accumulates in float32; about three times as fast on a processor with AVX512-BF16 or AMX.</summary>
    BFloat16,
}
