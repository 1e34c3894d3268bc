namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Latency of single-image predictions over HTTP, milliseconds.</summary>
internal sealed record PredictLatency(double Median, double P99, int Requests);
