using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

/// <summary>Which couplings a task has.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Granularity>))]
public enum Granularity
{
    /// <summary>u[c]</summary>
    Channel,

    /// <summary>v[y, x] on a coarse grid</summary>
    Spatial,

    /// <summary>u[c] + v[y, x]</summary>
    Unit,
}
