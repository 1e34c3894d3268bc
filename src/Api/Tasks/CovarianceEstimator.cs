using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<CovarianceEstimator>))]
[GenerateSerializer, Alias("comod.CovarianceEstimator")]
public enum CovarianceEstimator
{
    [JsonStringEnumMemberName("quadrature")]
    Quadrature,

    [JsonStringEnumMemberName("monte-carlo")]
    MonteCarlo,
}
