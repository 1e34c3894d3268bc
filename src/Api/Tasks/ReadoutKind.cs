using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>How a readout is computed from the features of its examples (docs/method.md#readout-in-closed-form).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadoutKind>))]
[GenerateSerializer, Alias("comod.ReadoutKind")]
public enum ReadoutKind
{
    /// <summary>Linear discriminants with a shrunk covariance.</summary>
    [JsonStringEnumMemberName("lda")]
    Lda,

    /// <summary>Least squares with a penalty.</summary>
    [JsonStringEnumMemberName("ridge")]
    Ridge,

    /// <summary>Softmax regression with a penalty.</summary>
    [JsonStringEnumMemberName("logistic")]
    Logistic,
}
