using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<CovarianceEstimator>))]
public enum CovarianceEstimator
{
    Quadrature,
    MonteCarlo,
}
