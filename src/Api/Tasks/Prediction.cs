using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[GenerateSerializer, Alias("comod.Prediction")]
public sealed record Prediction([property: Id(0)] string Label, [property: Id(1)] IReadOnlyList<float> Probabilities)
{
    /// <summary>Why there is no answer: label and probabilities are empty. Only where <c>partial</c> asked for
    /// it.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImageRefusal? Error { get; init; }
}
