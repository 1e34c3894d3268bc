namespace ComodCluster.Api.Tasks;

[GenerateSerializer, Alias("comod.Prediction")]
public sealed record Prediction([property: Id(0)] string Label, [property: Id(1)] IReadOnlyList<float> Probabilities);
