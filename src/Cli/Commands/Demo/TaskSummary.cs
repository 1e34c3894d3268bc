namespace ComodCluster.Cli.Commands.Demo;

/// <summary>
/// One row of the result table. Accuracies are means over seeds; the last three are those of comodulation.
/// </summary>
internal sealed record TaskSummary(
    string Task,
    int Examples,
    double? Readout,
    double? Gain,
    double? Comodulation,
    int TrainedParameters,
    double Seconds,
    long StateBytes
);
