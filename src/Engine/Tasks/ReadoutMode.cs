using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<ReadoutMode>))]
public enum ReadoutMode
{
    /// <summary>Rows of the backbone's own head; fixed, but for method <see cref="Method.Readout"/>.</summary>
    Head,

    /// <summary>
    /// New classes, which the backbone does not know: regression, adaptation with the readout at a tenth of the rate,
    /// refit.
    /// </summary>
    Own,
}
