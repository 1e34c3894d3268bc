namespace ComodCluster.Api.Tasks;

/// <summary>What the folds said of a readout.</summary>
[GenerateSerializer, Alias("comod.ReadoutScore")]
public sealed record ReadoutScore
{
    /// <summary>As in <see cref="ReadoutChoice"/>.</summary>
    [Id(0)]
    public required string Place { get; init; }

    [Id(1)]
    public required ReadoutKind Kind { get; init; }

    /// <summary>Share of wrong answers out of fold, 0 to 1; of attributes the balanced one.</summary>
    [Id(2)]
    public required double Error { get; init; }

    /// <summary>Mean negative log-likelihood out of fold after calibration, nats.</summary>
    [Id(3)]
    public required double Nll { get; init; }
}
